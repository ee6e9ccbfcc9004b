"""What runs on a developer's machine only: the launcher behind `./portal`, demo data and the rig of real servers."""
