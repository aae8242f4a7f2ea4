"""What bin/demo, bin/test and bin/bench share: standard library only."""
