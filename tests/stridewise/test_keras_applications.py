"""Every model of `keras.applications`: each row must be the one that Keras gives."""

import math

import pytest

from stridewise.network import Network

QUICK = ("ResNet50", "MobileNetV3Small")
SLOW = (
    *(f"ConvNeXt{size}" for size in ("Base", "Large", "Small", "Tiny", "XLarge")),
    *(f"DenseNet{depth}" for depth in (121, 169, 201)),
    *(f"EfficientNetB{number}" for number in range(8)),
    *(f"EfficientNetV2{size}" for size in ("B0", "B1", "B2", "B3", "L", "M", "S")),
    *("InceptionResNetV2", "InceptionV3", "MobileNet", "MobileNetV2", "MobileNetV3Large"),
    *("NASNetLarge", "NASNetMobile"),
    *(
        "ResNet101",
        "ResNet101V2",
        "ResNet152",
        "ResNet152V2",
        "ResNet50V2",
        "VGG16",
        "VGG19",
        "Xception",
    ),
)

PUBLISHED = {"vgg16": 138_357_544, "resnet50": 25_636_712}


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def keras_rows(model):
    return [
        (layer.name, type(layer).__name__, tuple(layer.output.shape), layer.count_params())
        for layer in model.layers
    ]


def assert_agrees(model):
    network = Network.from_keras(model.to_json())
    rows = [(row.name, row.type, row.output_shape, row.parameters) for row in network.rows]
    assert rows == keras_rows(model)
    assert network.total_parameters == PUBLISHED.get(model.name, model.count_params())
    assert network.total_parameters == model.count_params()
    trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    assert network.trainable_parameters == trainable


@pytest.mark.parametrize(
    "name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_every_row_is_the_one_that_keras_gives(keras, name):
    keras.backend.clear_session()
    assert_agrees(getattr(keras.applications, name)(weights=None))


@pytest.mark.slow
def test_rows_agree_where_the_size_of_the_image_varies(keras):
    build = keras.applications.MobileNetV2
    assert_agrees(build(weights=None, include_top=False, input_shape=(None, None, 3)))


def test_no_model_of_keras_is_left_out(keras):
    models = {name for name in dir(keras.applications) if name[0].isupper()}
    assert {*QUICK, *SLOW} == models
