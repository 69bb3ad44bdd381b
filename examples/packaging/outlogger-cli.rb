# Formula/outlogger-cli.rb of a Homebrew tap, with the values of a release: they are filled in by
# tests/tools/package_files.py in the project's repository.
class OutloggerCli < Formula
  include Language::Python::Virtualenv

  desc "Check vendors' public status pages from the command-line"
  homepage "https://github.com/outlogger/outlogger-cli"
  url "@SDIST_URL@"
  sha256 "@SDIST_SHA256@"
  license "MIT"

  depends_on "python@3.13"

  # @RESOURCES@

  def install
    virtualenv_install_with_resources
    bash_completion.install_symlink libexec/"share/bash-completion/completions/outlogger"
    zsh_completion.install_symlink libexec/"share/zsh/site-functions/_outlogger"
    fish_completion.install_symlink libexec/"share/fish/vendor_completions.d/outlogger.fish"
  end

  test do
    assert_equal "outlogger #{version}", shell_output("#{bin}/outlogger --version").strip
    outage = "#{bin}/outlogger drill fly --status major_outage -- #{bin}/outlogger check fly"
    assert_match "critical", shell_output(outage, 1)
  end
end
