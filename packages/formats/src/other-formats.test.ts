import { expect, it } from 'vitest';
import { readNetwork } from './read-network.ts';

it.each([
  [
    'net.pt',
    /net\.pt: \.onnx files and TensorFlow\.js model\.json are read; this is a PyTorch checkpoint.*torch\.onnx\.export/,
  ],
  ['net.PTH', /a PyTorch checkpoint/],
  ['saved_model.pb', /a TensorFlow model: convert it by python -m tf2onnx\.convert --saved-model/],
  ['net.tflite', /tf2onnx\.convert --tflite/],
  ['net.pdmodel', /a PaddlePaddle model: convert it by paddle2onnx/],
  ['net.keras', /a Keras model: convert it by model\.export/],
  ['net.h5', /a Keras model/],
  [
    'net.bin',
    /net\.bin: \.onnx files and TensorFlow\.js model\.json are read; export the network to ONNX first/,
  ],
])('%s is refused by name, with what converts it', async (file, told) => {
  await expect(readNetwork(file)).rejects.toThrow(told);
});
