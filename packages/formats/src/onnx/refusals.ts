import { InputError } from '@espalier/errors';

/** What a person can do about a file of which nothing better is known. */
const CHECK_FILE = 'check the file (onnx.checker), simplify it (onnxsim) or export it again';

/** What a person can do about a file for several images that mixes them: one for a single image is read as such. */
export const EXPORT_APART = 'export it for one image, or with its batch open';

/** What is wrong with a file, and what to do. */
export function fileError(message: string, remedy = CHECK_FILE): InputError {
  return new InputError(`${message}: ${remedy}`);
}

/** What is wrong alone, where something else is done about it. */
export function withoutRemedy(message: string): string {
  return [CHECK_FILE, EXPORT_APART].reduce((text, remedy) => text.replace(`: ${remedy}`, ''), message);
}
