"""Load-bearing: our package first, because it imports pylibsrtp before TensorFlow may load."""

import core  # noqa: F401

# isort: split

import tensorflow as tf

# As runs have it by themselves. Sums over several threads differ in the last digit now and then.
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
