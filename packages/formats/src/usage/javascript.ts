import { imageShape, type Preprocessing } from '@espalier/network';
import { asOnnx, classList, formulaWords, isGrey, list, literal, shown, sizeWords } from './parts.ts';
import type { UsedNetwork } from './used-network.ts';

/** What differs between the programs that run a network. */
interface Runtime {
  /** The comments and imports at the top. */
  readonly head: string;
  /** What `toInput` makes of `values`, an array of `type`, in the shape `dims`. */
  readonly tensor: (dims: string) => string;
  /** Runs the network: `scores` is what comes out. */
  readonly run: string;
}

export function javascript(used: UsedNetwork): string {
  const { inputType: type = 'float32', input, classes } = used;
  const [height, width] = input.size;
  const names = classList(classes);
  const channels = isGrey(input) ? 1 : 3;
  const from = input.channels === 'BGR' ? '2 - channel' : 'channel';
  const dims = imageShape(1, { channels, height, width }, input.layout).join(', ');
  const at = input.layout === 'NHWC' ? `i * ${channels} + channel` : 'channel * plane + i';
  const values = type === 'uint8' ? 'Uint8ClampedArray' : 'Float32Array';
  const { head, tensor, run } = used.format?.startsWith('TFJS') ? tensorflow(used) : onnxruntime(used);
  return `${head}
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
  return ${tensor(dims)};
}

${run}
const best = scores.indexOf(Math.max(...scores));
console.log(${names === null ? 'best' : 'CLASSES[best]'}, scores[best]);
`;
}

function onnxruntime(used: UsedNetwork): Runtime {
  const { inputName: name, inputType: type = 'float32', input, output } = used;
  const [height, width] = input.size;
  const other = asOnnx(used);
  return {
    head: `// npm install onnxruntime-node sharp
${other ? `// ${other.how}\n` : ''}// node use.mjs picture.png
// In a page: import 'onnxruntime-web' instead, and take the pixels of a canvas: toInput(context.getImageData(0, 0, ${width}, ${height}).data, 4).
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
`,
    tensor: (dims) => `new ort.Tensor('${type}', values, [${dims}])`,
    run: `const session = await ort.InferenceSession.create(${literal(other?.file ?? used.file)});
const name = ${name === null ? 'session.inputNames[0]' : literal(name)};
const answer = await session.run({ [name]: toInput(await fitted(process.argv[2])) });
const scores = answer[session.outputNames[0]].data; // ${output}`,
  };
}

/** A folder of a model.json and its shards; TensorFlow.js itself reads it in a page alone. */
function tensorflow({ file, format, inputType: type = 'float32', input, output }: UsedNetwork): Runtime {
  const [height, width] = input.size;
  const load = format === 'TFJS_LAYERS' ? 'loadLayersModel' : 'loadGraphModel';
  const folder = file.replace(/\.zip$/, '');
  return {
    head: `// npm install @tensorflow/tfjs sharp
// unzip ${shown(file)} -d ${shown(folder)}
// node use.mjs picture.png
// In a page: tf.${load}(address of the model.json), and take the pixels of a canvas: toInput(context.getImageData(0, 0, ${width}, ${height}).data, 4).
import { readdir, readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
`,
    tensor: (dims) => `tf.tensor(values, [${dims}], '${type === 'uint8' ? 'int32' : type}')`,
    run: `/** The model.json of a folder, and the shards beside it. */
async function read(folder) {
  const name = (await readdir(folder)).find((each) => each.endsWith('.json'));
  const { weightsManifest, ...json } = JSON.parse(await readFile(\`\${folder}/\${name}\`, 'utf8'));
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((each) => readFile(\`\${folder}/\${each}\`)));
  const weightData = new Uint8Array(Buffer.concat(await Promise.all(shards))).buffer;
  return { ...json, weightSpecs: weightsManifest.flatMap(({ weights }) => weights), weightData };
}

const model = await tf.${load}({ load: () => read(${literal(folder)}) });
const answer = model.predict(toInput(await fitted(process.argv[2])));
const scores = await (answer instanceof tf.Tensor ? answer : Object.values(answer)[0]).data(); // ${output}`,
  };
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
