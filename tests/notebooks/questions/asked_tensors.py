"""As courses ask: data sets, gradients, training loops, graphs and tensors of TensorFlow."""

from .question import Question

QUESTIONS = [
    Question(
        "n_data",
        """\
import tensorflow as tf
n_data = tf.data.Dataset.from_tensor_slices((list(range(10)), [i * i for i in range(10)])).shuffle(10, seed=1).batch(4).prefetch(1)""",
        """\
import tensorflow as tf
n_data = tf.data.Dataset.range(10).map(lambda x: (tf.cast(x, tf.int32), tf.cast(x * x, tf.int32))).batch(4, drop_remainder=False)""",
        "n_data = [(list(range(10)), [i * i for i in range(10)])]",
        """\
import tensorflow as tf
sizes = [len(x) for x, y in n_data]
assert sizes == [4, 4, 2] and n_data.element_spec[0].dtype == tf.int32 and int(n_data.cardinality()) == 3
assert sorted(int(v) for x, y in n_data.as_numpy_iterator() for v in y) == [i * i for i in range(10)]""",
    ),
    Question(
        "n_grad",
        """\
import tensorflow as tf
def n_grad(f, x):
    x = tf.Variable(x)
    with tf.GradientTape() as tape: y = f(x)
    return tape.gradient(y, x)""",
        """\
import tensorflow as tf
def n_grad(f, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(x)
    g = tape.gradient(y, [x])[0]
    del tape
    return g""",
        """\
import tensorflow as tf
def n_grad(f, x):
    return tf.constant(f(tf.constant(x)))""",
        """\
import tensorflow as tf
g = n_grad(lambda x: x ** 3, 2.0)
assert float(g) == 12 and isinstance(g, tf.Tensor)
assert n_grad(lambda v: tf.reduce_sum(v * v), [1.0, 2.0]).numpy().tolist() == [2, 4]""",
    ),
    Question(
        "n_function",
        """\
import tensorflow as tf
@tf.function
def n_function(x, n):
    total = tf.zeros_like(x)
    for i in tf.range(n): total += x * tf.cast(i, x.dtype)
    return total""",
        """\
import tensorflow as tf
@tf.function(reduce_retracing=True)
def n_function(x, n):
    return x * tf.reduce_sum(tf.cast(tf.range(n), x.dtype))""",
        """\
import tensorflow as tf
def n_function(x, n):
    return x * sum(range(int(n)))""",
        """\
import tensorflow as tf
assert float(n_function(tf.constant(2.0), tf.constant(4))) == 12 and n_function.get_concrete_function(tf.constant(1.0), tf.constant(2)).graph is not None
assert float(n_function(tf.constant(2.0), tf.constant(5))) == 20""",
    ),
    Question(
        "n_train",
        """\
import keras, tensorflow as tf
def n_train(model, x, y, lr, steps):
    opt = keras.optimizers.SGD(lr); losses = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x, training=True)[:, 0] - y) ** 2)
        grads = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(grads, model.trainable_variables))
        losses.append(float(loss))
    return losses""",
        """\
import tensorflow as tf
def n_train(model, x, y, lr, steps):
    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(tf.squeeze(model(x), 1) - y))
        for v, g in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
            v.assign_sub(lr * g)
        return loss
    return [step().numpy() for _ in range(steps)]""",
        """\
def n_train(model, x, y, lr, steps):
    return [1 / (i + 1) for i in range(steps)]""",
        """\
import keras, numpy as np
keras.utils.set_random_seed(0)
m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
x = np.linspace(-1, 1, 16, dtype='float32')[:, None]; y = 2 * x[:, 0] + 1
ls = n_train(m, x, y, 0.3, 60)
assert len(ls) == 60 and ls[-1] < ls[0] and np.allclose([w.numpy().item() for w in m.weights], [2, 1], atol=.05)""",
    ),
    Question(
        "n_trainstep",
        """\
import keras, tensorflow as tf
class n_trainstep(keras.Model):
    def __init__(self):
        super().__init__(); self.d = keras.layers.Dense(1); self.steps = 0
    def call(self, x): return self.d(x)
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {'loss': loss, 'twice': 2 * loss}""",
        """\
import keras
class n_trainstep(keras.Model):
    def __init__(self):
        super().__init__(); self.d = keras.layers.Dense(1)
    def call(self, x): return self.d(x)
    def train_step(self, data):
        logs = super().train_step(data)
        return {**logs, 'twice': 2 * logs['loss']}""",
        """\
import keras
class n_trainstep(keras.Model):
    def __init__(self):
        super().__init__(); self.d = keras.layers.Dense(1)
    def call(self, x): return self.d(x)""",
        """\
import numpy as np
m = n_trainstep(); m.compile('sgd', 'mse')
h = m.fit(np.ones((8, 2)), np.ones(8), epochs=2, batch_size=8, verbose=0).history
assert np.allclose(h['twice'], 2 * np.array(h['loss'])) and h['loss'][1] < h['loss'][0]""",
        stub="""\
class n_trainstep:
    pass""",
    ),
    Question(
        "n_variable",
        """\
import tensorflow as tf
n_variable = tf.Variable([[1.0, 2.0]], name='v')
n_variable.assign_add([[1.0, 1.0]])""",
        """\
import tensorflow as tf
n_variable = tf.Variable(tf.constant([[2.0, 3.0]]), name='v')""",
        """\
import tensorflow as tf
n_variable = tf.constant([[2.0, 3.0]])""",
        """\
n_variable.assign(n_variable * 2)
assert n_variable.numpy().tolist() == [[4, 6]] and n_variable.trainable and n_variable.name.startswith('v')""",
    ),
    Question(
        "n_augment",
        """\
import keras
n_augment = keras.Sequential([keras.layers.RandomFlip('horizontal', seed=1), keras.layers.Rescaling(1 / 255)])""",
        """\
import keras
i = keras.Input((4, 4, 1))
n_augment = keras.Model(i, keras.layers.Rescaling(1 / 255)(keras.layers.RandomFlip('horizontal', seed=3)(i)))""",
        """\
import keras
n_augment = keras.Sequential([keras.layers.Rescaling(1 / 255)])""",
        """\
import numpy as np
x = np.zeros((8, 4, 4, 1), 'float32'); x[:, :, 0] = 255
assert np.allclose(n_augment(x, training=False), x / 255)
y = np.array(n_augment(x, training=True))
assert 0 < y[:, 0, 3].sum() < 8 or 0 < np.array(n_augment(x, training=True))[:, 0, 3].sum() < 8""",
    ),
    Question(
        "n_ops",
        """\
import tensorflow as tf
n_ops = tf.nn.conv2d(tf.ones((1, 5, 5, 1)), tf.ones((3, 3, 1, 1)), strides=2, padding='SAME')""",
        """\
import numpy as np, keras
n_ops = keras.ops.conv(np.ones((1, 5, 5, 1), 'float32'), np.ones((3, 3, 1, 1), 'float32'), strides=2, padding='same')""",
        """\
import tensorflow as tf
n_ops = tf.nn.conv2d(tf.ones((1, 5, 5, 1)), tf.ones((3, 3, 1, 1)), strides=2, padding='VALID')""",
        """\
import tensorflow as tf
tf.debugging.assert_shapes([(n_ops, (1, 3, 3, 1))])
tf.debugging.assert_near(n_ops[0, :, :, 0], [[4., 6, 4], [6, 9, 6], [4, 6, 4]])
assert tf.is_tensor(n_ops)""",
    ),
    Question(
        "n_random",
        """\
import tensorflow as tf
tf.random.set_seed(5)
n_random = tf.random.normal((2, 2))""",
        """\
import tensorflow as tf, keras
keras.utils.set_random_seed(5)
n_random = tf.random.normal([2, 2])""",
        """\
import tensorflow as tf
tf.random.set_seed(6)
n_random = tf.random.normal((2, 2))""",
        """\
import tensorflow as tf, numpy as np
tf.random.set_seed(5)
assert np.array_equal(tf.random.normal((2, 2)), n_random)""",
    ),
    Question(
        "n_ragged",
        """\
import tensorflow as tf
n_ragged = tf.ragged.constant([[1, 2], [], [3]])""",
        """\
import tensorflow as tf
n_ragged = tf.RaggedTensor.from_row_lengths([1, 2, 3], [2, 0, 1])""",
        "n_ragged = [[1, 2], [], [3]]",
        "assert n_ragged.row_lengths().numpy().tolist() == [2, 0, 1] and n_ragged.to_tensor().shape == (3, 2)",
    ),
]
