import { expect, it } from 'vitest';
import { readNetwork } from './read-network.ts';

it.each([
  [
    'net.pt',
    /net\.pt: \.onnx files, TensorFlow\.js model\.json \(or a zip of its folder\) and \.keras or \.h5 of Keras are read; this is a PyTorch checkpoint.*torch\.onnx\.export/,
  ],
  ['net.PTH', /a PyTorch checkpoint/],
  ['saved_model.pb', /a TensorFlow model: convert it by python -m tf2onnx\.convert --saved-model/],
  ['net.tflite', /tf2onnx\.convert --tflite/],
  ['net.pdmodel', /a PaddlePaddle model: convert it by paddle2onnx/],
  [
    'net.bin',
    /net\.bin: \.onnx files, TensorFlow\.js model\.json \(or a zip of its folder\) and \.keras or \.h5 of Keras are read; export the network to ONNX first/,
  ],
])('%s is refused by name, with what converts it', async (file, told) => {
  await expect(readNetwork(file)).rejects.toThrow(told);
});
