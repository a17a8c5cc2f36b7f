import { imageShape, type Preprocessing } from '@espalier/network';
import { asOnnx, classList, formulaWords, isGrey, list, literal, sizeWords } from './parts.ts';
import type { UsedNetwork } from './used-network.ts';

export function python(used: UsedNetwork): string {
  const { inputName: name, inputType: type = 'float32', input, output, classes } = used;
  const other = asOnnx(used);
  const file = other?.file ?? used.file;
  const [height, width] = input.size;
  const names = classList(classes);
  const channels = isGrey(input) ? 1 : 3;
  const dims = imageShape(1, { channels, height, width }, input.layout).join(', ');
  const ordered = input.layout === 'NHWC' ? 'values' : 'values.transpose(2, 0, 1)';
  const typed = type === 'uint8' ? '.clip(0, 255).round().astype(np.uint8)' : '';
  return `# pip install numpy onnxruntime pillow
${other ? `# ${other.how}\n` : ''}# python use.py picture.png
import sys

import numpy as np
import onnxruntime
from PIL import Image

SCALE = ${input.scale}
MEAN = np.array(${list(input.mean)}, dtype=np.float32)
STD = np.array(${list(input.std)}, dtype=np.float32)
${names === null ? '' : `CLASSES = ${names}\n`}

def fitted(picture):
    """${sizeWords(input)}"""
    picture = picture.convert("${isGrey(input) ? 'L' : 'RGB'}")
${fitted(input)}

def to_input(pixels):
    """uint8 [${height}, ${width}, ${channels}]${isGrey(input) ? '' : ', red first,'} becomes ${type} [${dims}].
    ${formulaWords(input)}"""
    pixels = np.asarray(pixels, dtype=np.uint8).reshape(${height}, ${width}, ${channels})${input.channels === 'BGR' ? '[:, :, ::-1]' : ''}
    values = (pixels.astype(np.float32) * np.float32(SCALE) - MEAN) / STD
    return np.ascontiguousarray(${ordered}[np.newaxis])${typed}


def main():
    session = onnxruntime.InferenceSession(${literal(file)})
    name = ${name === null ? 'session.get_inputs()[0].name' : literal(name)}
    picture = to_input(fitted(Image.open(sys.argv[1])))
    scores = session.run(None, {name: picture})[0].reshape(-1)  # ${output}
    best = int(scores.argmax())
    print(${names === null ? 'best' : 'CLASSES[best]'}, float(scores[best]))


if __name__ == "__main__":
    main()
`;
}

function fitted({ resize, letterbox, size: [height, width] }: Preprocessing): string {
  if (letterbox) {
    const colour = letterbox.length === 1 ? letterbox[0] : `(${letterbox.join(', ')})`;
    return `    scale = min(${width} / picture.width, ${height} / picture.height)
    width, height = [max(1, round(side * scale)) for side in picture.size]
    around = Image.new(picture.mode, (${width}, ${height}), ${colour})
    around.paste(picture.resize((width, height), Image.BILINEAR), ((${width} - width) // 2, (${height} - height) // 2))
    return around
`;
  }
  if (resize === undefined) {
    return `    return picture.resize((${width}, ${height}), Image.BILINEAR)
`;
  }
  return `    shorter = min(picture.size)
    picture = picture.resize([${resize} * side // shorter for side in picture.size], Image.BILINEAR)
    left = round((picture.width - ${width}) / 2)
    top = round((picture.height - ${height}) / 2)
    return picture.crop((left, top, left + ${width}, top + ${height}))
`;
}
