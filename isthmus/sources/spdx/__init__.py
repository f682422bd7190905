"""What documents of the Software Package Data Exchange (SPDX) mean in our vocabulary."""
