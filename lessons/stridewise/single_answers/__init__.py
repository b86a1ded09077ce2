"""Wrong ideas behind answers that are no rows of a network: sizes, zeros, fields, a total."""
