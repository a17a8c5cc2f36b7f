const PYTORCH = {
  from: 'a PyTorch checkpoint, which holds weights and no graph',
  command: "torch.onnx.export(model, example, 'net.onnx')",
};

/** Formats that people bring, by the endings of their files. */
const OTHERS: Readonly<Record<string, { readonly from: string; readonly command: string }>> = {
  '.pt': PYTORCH,
  '.pth': PYTORCH,
  '.pb': {
    from: 'a TensorFlow model',
    command: 'python -m tf2onnx.convert --saved-model FOLDER --output net.onnx',
  },
  '.tflite': {
    from: 'a TensorFlow Lite model',
    command: 'python -m tf2onnx.convert --tflite net.tflite --output net.onnx',
  },
  '.pdmodel': {
    from: 'a PaddlePaddle model',
    command:
      'paddle2onnx --model_dir FOLDER --model_filename net.pdmodel --params_filename net.pdiparams --save_file net.onnx',
  },
};

/** What to do with a file that is not ONNX, by its ending in lower case (`.pt`). */
export function conversionOf(extension: string): string {
  const other = OTHERS[extension];
  return other ? `this is ${other.from}: convert it by ${other.command}` : 'export the network to ONNX first';
}
