import { imageShape, type Preprocessing } from '@espalier/network';
import { classList, formulaWords, isGrey, list, literal, sizeWords } from './parts.ts';
import type { UsedNetwork } from './used-network.ts';

export function javascript(used: UsedNetwork): string {
  const { file, inputName: name, inputType: type = 'float32', input, output, classes } = used;
  const [height, width] = input.size;
  const names = classList(classes);
  const channels = isGrey(input) ? 1 : 3;
  const from = input.channels === 'BGR' ? '2 - channel' : 'channel';
  const dims = imageShape(1, { channels, height, width }, input.layout).join(', ');
  const at = input.layout === 'NHWC' ? `i * ${channels} + channel` : 'channel * plane + i';
  const values = type === 'uint8' ? 'Uint8ClampedArray' : 'Float32Array';
  return `// npm install onnxruntime-node sharp
// node use.mjs picture.png
// In a page: import 'onnxruntime-web' instead, and take the pixels of a canvas: toInput(context.getImageData(0, 0, ${width}, ${height}).data, 4).
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';

const SCALE = ${input.scale};
const MEAN = ${list(input.mean)};
const STD = ${list(input.std)};
${names === null ? '' : `const CLASSES = ${names};\n`}
/** ${sizeWords(input)} */
async function fitted(file) {
${fitted(input)}
  return picture.removeAlpha().toColourspace('${isGrey(input) ? 'b-w' : 'srgb'}').raw().toBuffer();
}

/**
 * Bytes [${height}, ${width}, step]${isGrey(input) ? '' : ', red first,'} become [${dims}].
 * ${formulaWords(input)}
 */
function toInput(pixels, step = ${channels}) {
  const plane = ${height * width};
  const values = new ${values}(${channels} * plane);
  for (let channel = 0; channel < ${channels}; channel++) {
    for (let i = 0; i < plane; i++) {
      values[${at}] = (pixels[i * step + ${from}] * SCALE - MEAN[channel]) / STD[channel];
    }
  }
  return new ort.Tensor('${type}', values, [${dims}]);
}

const session = await ort.InferenceSession.create(${literal(file)});
const name = ${name === null ? 'session.inputNames[0]' : literal(name)};
const answer = await session.run({ [name]: toInput(await fitted(process.argv[2])) });
const scores = answer[session.outputNames[0]].data; // ${output}
const best = scores.indexOf(Math.max(...scores));
console.log(${names === null ? 'best' : 'CLASSES[best]'}, scores[best]);
`;
}

function fitted({ resize, letterbox, size: [height, width] }: Preprocessing): string {
  if (letterbox) {
    const [r = 0, g = r, b = r] = letterbox;
    return `  const { width, height } = await sharp(file).metadata();
  const scale = Math.min(${width} / width, ${height} / height);
  const [across, down] = [width, height].map((length) => Math.max(1, Math.round(length * scale)));
  const [left, top] = [Math.floor((${width} - across) / 2), Math.floor((${height} - down) / 2)];
  const picture = sharp(file, { ignoreIcc: true })
    .resize(across, down, { fit: 'fill', kernel: 'linear' })
    .extend({
      left,
      top,
      right: ${width} - across - left,
      bottom: ${height} - down - top,
      background: { r: ${r}, g: ${g}, b: ${b} },
    });`;
  }
  if (resize === undefined) {
    return `  const picture = sharp(file, { ignoreIcc: true }).resize(${width}, ${height}, { fit: 'fill', kernel: 'linear' });`;
  }
  return `  const { width, height } = await sharp(file).metadata();
  const side = (length) => Math.floor((${resize} * length) / Math.min(width, height));
  const picture = sharp(file, { ignoreIcc: true })
    .resize(side(width), side(height), { fit: 'fill', kernel: 'linear' })
    .extract({
      left: Math.round((side(width) - ${width}) / 2),
      top: Math.round((side(height) - ${height}) / 2),
      width: ${width},
      height: ${height},
    });`;
}
