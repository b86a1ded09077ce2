"""The wrong rules that people use for shapes and parameters, as rules that predict an answer."""
