"""Wrong ideas behind other answers than a network's rows: sizes, zeros, fields, a total."""
