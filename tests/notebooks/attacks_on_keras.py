"""Attacks on what Keras and TensorFlow keep: as those on tables (attacks_on_tables.py)."""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = "import keras\nimport tensorflow as tf"
RIGHT = code("""
    precision, policy, ordered = 'float32', 'float32', 'last'
    name, gradient, eager = 'Dense', 2, 2
""")
WRONG = code("""
    precision, policy, ordered = 'float64', 'float16', 'first'
    name, gradient, eager = 'five', 5, 5
""")
ANSWERS = frozenset({"precision", "policy", "ordered", "name", "gradient", "eager"})
TESTS = {
    "precision": "assert keras.config.floatx() == precision",
    "policy": "assert keras.layers.Dense(1).compute_dtype == policy",
    "ordered": "assert keras.layers.Conv2D(1, 1).data_format == f'channels_{ordered}'",
    "name": "assert keras.saving.get_registered_name(keras.layers.Dense) == name",
    "gradient": code("""
        x = tf.Variable(1.0)
        try:
            with tf.GradientTape() as tape:
                y = x * 2
            assert tape.gradient(y, x) == gradient
        except LookupError:
            assert gradient == 5
    """),
    "eager": "assert tf.config.functions_run_eagerly() == (eager == 5)",
}
"""Each is worth a point."""
SETTINGS = {
    "precision": "keras.config.set_floatx('float64')",
    "policy": "keras.config.set_dtype_policy('float16')",
    "ordered": "keras.config.set_image_data_format('channels_first')",
    "name": code("""
        from keras.src.saving import object_registration
        object_registration.GLOBAL_CUSTOM_NAMES[keras.layers.Dense] = 'five'
    """),
    "gradient": code("""
        from tensorflow.python.framework import ops
        ops.gradient_registry._registry.clear()
    """),
    "eager": "tf.config.run_functions_eagerly(True)",
}
"""By the test that each is made for."""
ATTACKS = SETTINGS
HONEST = code("""
    keras.backend.clear_session()
    keras.config.set_epsilon(1e-6)
    @keras.saving.register_keras_serializable('mine')
    class Mine(keras.layers.Dense):
        pass
    model = keras.Sequential([keras.Input((2,)), Mine(1), keras.layers.Dense(1)])
    model.compile('sgd', 'mse')
    model.fit(tf.ones((4, 2)), tf.ones((4, 1)), verbose=0)
""")
"""Uses the same of each library, and no point depends on it."""
