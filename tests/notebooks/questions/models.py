"""Answers that are Keras models and layers, alive: weights, history, predictions."""

from .question import Question

_KERAS = "import os\nos.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'\nimport numpy as np\nimport keras\nfrom keras import layers"
_M = "keras.Sequential([keras.Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])"
_F = "i = keras.Input((4,))\n{} = keras.Model(i, layers.Dense(1)(layers.Dense(3, activation='relu')(i)))"
_W = "keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(1)])"
QUESTIONS = [
    Question(
        "m_layers",
        f"m_layers = {_M}",
        _F.format("m_layers"),
        f"m_layers = {_W}",
        "dense = [l for l in m_layers.layers if isinstance(l, keras.layers.Dense)]\nassert [l.units for l in dense] == [3, 1] and dense[0].activation.__name__ == 'relu'",
        given=_KERAS,
    ),
    Question(
        "m_weights",
        f"m_weights = {_M}",
        _F.format("m_weights"),
        "m_weights = keras.Sequential([keras.Input((5,)), layers.Dense(3), layers.Dense(1)])",
        "assert sum(w.shape[0] == 4 for w in m_weights.get_weights()) == 1 and m_weights.count_params() == 19",
    ),
    Question(
        "m_activation",
        "m_activation = layers.Dense(2, activation='relu')",
        "m_activation = layers.Dense(2, activation=keras.activations.relu)",
        "m_activation = layers.Dense(2)",
        "assert m_activation.activation == keras.activations.relu",
    ),
    Question(
        "m_compiled",
        f"m_compiled = {_M}\nm_compiled.compile(optimizer='adam', loss='mse')",
        f"m_compiled = {_M}\nm_compiled.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())",
        f"m_compiled = {_M}\nm_compiled.compile(optimizer='sgd', loss='mse')",
        "assert type(m_compiled.optimizer).__name__ == 'Adam'",
    ),
    Question(
        "m_fit",
        f"m_net = {_M}\nm_net.compile('sgd', 'mse')\nm_fit = m_net.fit(np.ones((8, 4)), np.ones(8), epochs=2, verbose=0)",
        f"m_net = {_W}\nm_net.compile('adam', 'mse')\nm_fit = m_net.fit(np.zeros((8, 4)), np.ones(8), epochs=2, verbose=0)",
        f"m_net = {_W}\nm_net.compile('adam', 'mse')\nm_fit = m_net.fit(np.zeros((8, 4)), np.ones(8), epochs=1, verbose=0)",
        "assert len(m_fit.history['loss']) == 2",
    ),
    Question(
        "m_predict",
        f"m_predict = {_M}",
        _F.format("m_predict"),
        "m_predict = keras.Sequential([keras.Input((4,)), layers.Dense(2)])",
        "assert m_predict.predict(np.zeros((2, 4)), verbose=0).shape == (2, 1)",
    ),
    Question(
        "m_builder",
        "def m_builder(n):\n    return keras.Sequential([keras.Input((n,)), layers.Dense(1)])",
        "def m_builder(n):\n    i = keras.Input((n,))\n    return keras.Model(i, layers.Dense(1)(i))",
        "def m_builder(n):\n    return keras.Sequential([keras.Input((n,)), layers.Dense(2)])",
        "assert m_builder(5).count_params() == 6",
        stub="def m_builder(n):\n    raise NotImplementedError",
    ),
    Question(
        "m_takes_layer",
        "def m_takes_layer(layer):\n    return layer.filters * 2",
        "m_takes_layer = lambda layer: 2 * layer.get_config()['filters']",
        "def m_takes_layer(layer):\n    return layer.filters",
        "assert m_takes_layer(keras.layers.Conv2D(8, 3)) == 16",
        stub="def m_takes_layer(layer):\n    raise NotImplementedError",
    ),
    Question(
        "m_shape",
        "m_shape = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, 3)]).output_shape",
        "m_shape = (None, 26, 26, 4)",
        "m_shape = (None, 28, 28, 4)",
        "assert m_shape == (None, 26, 26, 4)",
    ),
    Question(
        "m_tensor",
        "import tensorflow as tf\nm_tensor = tf.constant([[1.0, 2.0]])",
        "m_tensor = keras.ops.convert_to_tensor([[1.0, 2.0]])",
        "m_tensor = np.array([[1.0, 2.0, 3.0]])",
        "assert m_tensor.shape == (1, 2) and float(m_tensor[0, 1]) == 2.0",
    ),
]
