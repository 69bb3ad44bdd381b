"""The bundled catalogue of vendors."""
