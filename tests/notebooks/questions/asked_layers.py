"""As courses ask: own layers, models, losses, metrics and callbacks of Keras."""

from .question import Question

QUESTIONS = [
    Question(
        "n_func",
        """\
import keras
from keras import layers
a = keras.Input((8,), name='a'); b = keras.Input((4,), name='b')
h = layers.Concatenate()([layers.Dense(5, 'relu')(a), b])
n_func = keras.Model([a, b], layers.Dense(2, 'softmax', name='out')(h))""",
        """\
import keras
ins = {'a': keras.Input((8,), name='a'), 'b': keras.Input((4,), name='b')}
h = keras.layers.concatenate([keras.layers.Dense(5, activation='relu')(ins['a']), ins['b']])
h = keras.layers.Dense(2, name='out')(h)
n_func = keras.Model(list(ins.values()), keras.layers.Softmax()(h))""",
        """\
import keras
a = keras.Input((8,), name='a'); b = keras.Input((4,), name='b')
n_func = keras.Model([a, b], keras.layers.Dense(2)(a))""",
        """\
import numpy as np
y = n_func.predict([np.ones((3, 8)), np.ones((3, 4))], verbose=0)
assert y.shape == (3, 2) and np.allclose(y.sum(1), 1) and n_func.get_layer('out').kernel.shape == (9, 2) and [i.name for i in n_func.inputs] == ['a', 'b']""",
    ),
    Question(
        "n_residual",
        """\
from keras import layers
def n_residual(x, filters):
    y = layers.Conv2D(filters, 3, padding='same', activation='relu')(x)
    y = layers.Conv2D(filters, 3, padding='same')(y)
    if x.shape[-1] != filters: x = layers.Conv2D(filters, 1)(x)
    return layers.ReLU()(layers.add([x, y]))""",
        """\
import keras
def n_residual(x, filters):
    conv = lambda k, **a: keras.layers.Conv2D(filters, k, padding='same', **a)
    y = conv(3)(conv(3, activation='relu')(x))
    s = x if x.shape[-1] == filters else conv(1)(x)
    return keras.layers.Activation('relu')(keras.layers.Add()([s, y]))""",
        """\
from keras import layers
def n_residual(x, filters):
    return layers.Conv2D(filters, 3, padding='same', activation='relu')(x)""",
        """\
import keras
i = keras.Input((8, 8, 3))
m = keras.Model(i, n_residual(n_residual(i, 4), 4))
assert m.output_shape == (None, 8, 8, 4) and sum(isinstance(l, keras.layers.Add) for l in m.layers) == 2
assert m.count_params() == (3*9*4+4) + 3 * (4*9*4+4) + (3*4+4)""",
    ),
    Question(
        "n_subclass",
        """\
import keras
class n_subclass(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.hidden = keras.layers.Dense(units, activation='relu')
        self.drop = keras.layers.Dropout(.5)
        self.out = keras.layers.Dense(1)
    def call(self, x, training=False):
        return self.out(self.drop(self.hidden(x), training=training))""",
        """\
from keras import Model, Sequential, layers
class n_subclass(Model):
    def __init__(self, units, **k):
        super(n_subclass, self).__init__(**k)
        self.net = Sequential([layers.Dense(units, 'relu'), layers.Dropout(.5), layers.Dense(1)])
    def call(self, inputs, training=None):
        return self.net(inputs, training=training)""",
        """\
import keras
class n_subclass(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.out = keras.layers.Dense(1)
    def call(self, x, training=False): return self.out(x)""",
        """\
import numpy as np
m = n_subclass(16)
x = np.ones((4, 3), 'float32')
a = m(x).numpy()
assert a.shape == (4, 1) and len(m.trainable_weights) == 4 and (m(x).numpy() == a).all()
assert any((m(x, training=True).numpy() != a).any() for _ in range(5))
m.compile('adam', 'mse'); h = m.fit(x, np.zeros(4), epochs=2, verbose=0)
assert list(h.history) == ['loss']""",
        stub="""\
class n_subclass:
    pass""",
    ),
    Question(
        "n_layer",
        """\
import keras
class n_layer(keras.layers.Layer):
    def __init__(self, units=4, **k):
        super().__init__(**k)
        self.units = units
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), initializer='glorot_uniform', name='w')
        self.b = self.add_weight(shape=(self.units,), initializer='zeros', name='b')
    def call(self, x): return keras.ops.matmul(x, self.w) + self.b
    def get_config(self): return {**super().get_config(), 'units': self.units}""",
        """\
import tensorflow as tf
from keras.layers import Layer, Dense
class n_layer(Dense):
    def __init__(self, units=4, **k):
        k = {a: b for a, b in k.items() if a in ('name', 'trainable', 'dtype')}
        super().__init__(units, **k)""",
        """\
import keras
class n_layer(keras.layers.Layer):
    def __init__(self, units=4, **k):
        super().__init__(**k)
        self.units = units
    def call(self, x): return x[:, :1] * keras.ops.ones((1, self.units))""",
        """\
import numpy as np
l = n_layer(6, name='mine')
y = l(np.ones((2, 3), 'float32'))
assert y.shape == (2, 6) and [tuple(w.shape) for w in l.trainable_weights] == [(3, 6), (6,)]
c = l.get_config()
assert c['units'] == 6 and c['name'] == 'mine' and n_layer.from_config(c).units == 6""",
        stub="""\
class n_layer:
    pass""",
    ),
    Question(
        "n_callback",
        """\
import keras
class n_callback(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seen = []
    def on_epoch_end(self, epoch, logs=None):
        self.seen.append((epoch, logs['loss']))
        if epoch == 2: self.model.stop_training = True""",
        """\
import keras
def make_():
    seen = []
    def end(epoch, logs):
        seen.append((epoch, float(logs['loss'])))
        if len(seen) >= 3: cb.model.stop_training = True
    cb = keras.callbacks.LambdaCallback(on_epoch_end=end)
    cb.seen = seen
    return cb
n_callback = make_""",
        """\
import keras
class n_callback(keras.callbacks.Callback):
    seen = []""",
        """\
import keras, numpy as np
m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
m.compile('sgd', 'mse')
cb = n_callback()
h = m.fit(np.ones((4, 2)), np.ones(4), epochs=9, verbose=0, callbacks=[cb])
assert [e for e, _ in cb.seen] == [0, 1, 2] and [v for _, v in cb.seen] == h.history['loss'] and len(h.epoch) == 3""",
        stub="""\
class n_callback:
    pass""",
    ),
    Question(
        "n_history",
        """\
import keras, numpy as np
keras.utils.set_random_seed(1)
m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
m.compile(keras.optimizers.SGD(0.1), 'mse', metrics=['mae'])
n_history = m.fit(np.arange(8.0)[:, None] / 8, np.arange(8.0) / 4, epochs=5, verbose=0, validation_split=.25)""",
        """\
import keras, numpy as np
keras.utils.set_random_seed(2)
i = keras.Input((1,)); m = keras.Model(i, keras.layers.Dense(1)(i))
m.compile(optimizer='adam', loss=keras.losses.MeanSquaredError(), metrics=[keras.metrics.MeanAbsoluteError(name='mae')])
x = np.linspace(0, 1, 8)
n_history = m.fit(x[:, None], 2 * x, batch_size=4, epochs=5, verbose=2, validation_data=(x[:2, None], x[:2]))""",
        """\
import keras, numpy as np
m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
m.compile('sgd', 'mse')
n_history = m.fit(np.ones((8, 1)), np.ones(8), epochs=5, verbose=0)""",
        """\
assert set(n_history.history) == {'loss', 'mae', 'val_loss', 'val_mae'} and len(n_history.history['val_loss']) == 5
assert n_history.params['epochs'] == 5 and n_history.model.count_params() == 2""",
    ),
    Question(
        "n_saved",
        """\
import keras
m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name='d')])
m.save('n_saved.keras')
n_saved = keras.models.load_model('n_saved.keras')""",
        """\
import keras
n_saved = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name='d')])
keras.saving.save_model(n_saved, 'n_saved.keras')""",
        """\
import keras
n_saved = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name='d')])
n_saved.save_weights('n_saved.weights.h5')""",
        """\
import keras, numpy as np, os
again = keras.models.load_model('n_saved.keras')
assert np.array_equal(again.get_layer('d').get_weights()[0], n_saved.get_layer('d').get_weights()[0])
again.save_weights('n_again.weights.h5'); assert os.path.getsize('n_again.weights.h5') > 0""",
    ),
    Question(
        "n_config",
        """\
import keras
n_config = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, strides=2, name='c'), keras.layers.Flatten()]).get_config()""",
        """\
import keras, json
n_config = json.loads(keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, strides=2, name='c'), keras.layers.Flatten()]).to_json())['config']""",
        """\
import keras
n_config = keras.layers.Conv2D(4, 3, strides=2, name='c').get_config()""",
        """\
c = {l['config']['name']: l['config'] for l in n_config['layers']}['c']
assert c['filters'] == 4 and tuple(c['strides']) == (2, 2)
import keras
assert keras.Sequential.from_config(n_config).count_params() == 40""",
    ),
    Question(
        "n_loss",
        """\
import keras
from keras import ops
def n_loss(y_true, y_pred):
    e = ops.abs(y_true - y_pred)
    return ops.mean(ops.where(e < 1, 0.5 * e ** 2, e - 0.5), axis=-1)""",
        """\
import keras
n_loss = keras.losses.huber""",
        """\
import keras
n_loss = keras.losses.mean_squared_error""",
        """\
import numpy as np, keras
y, p = np.array([[0.0, 0]]), np.array([[0.5, 3]])
assert np.allclose(np.array(n_loss(y, p)), [1.3125])
m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
m.compile('sgd', loss=n_loss)
assert m.evaluate(np.ones((2, 1)), np.ones((2, 1)), verbose=0) >= 0""",
    ),
    Question(
        "n_metric",
        """\
import keras
class n_metric(keras.metrics.Metric):
    def __init__(self, name='hits', **k):
        super().__init__(name=name, **k)
        self.n = self.add_weight(name='n', initializer='zeros')
    def update_state(self, y_true, y_pred, sample_weight=None):
        same = keras.ops.equal(keras.ops.cast(y_true, 'int32'), keras.ops.cast(keras.ops.argmax(y_pred, -1), 'int32'))
        self.n.assign_add(keras.ops.sum(keras.ops.cast(same, 'float32')))
    def result(self): return self.n""",
        """\
import keras, numpy as np
class n_metric(keras.metrics.Sum):
    def __init__(self): super().__init__(name='hits')
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(np.argmax(y_pred, -1) == np.asarray(y_true))""",
        """\
import keras
class n_metric(keras.metrics.Mean):
    def update_state(self, y_true, y_pred, sample_weight=None): super().update_state(1.0)""",
        """\
import numpy as np
m = n_metric()
p = np.eye(3, dtype='float32')
m.update_state(np.array([0, 1, 1]), p); m.update_state(np.array([0, 0, 2]), p)
assert float(m.result()) == 4
m.reset_state(); assert float(m.result()) == 0""",
        stub="""\
class n_metric:
    pass""",
    ),
]
