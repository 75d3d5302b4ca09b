"""What every page stands on: navigation, state, errors, charts, colours."""
