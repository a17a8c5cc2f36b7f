import { FieldError } from './errors.ts';

const NAME_LENGTH = 200;

/** @throws {FieldError} for a name that is empty or too long */
export function checkedName(name: string, field = 'name'): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new FieldError('give it a name', field);
  if (trimmed.length > NAME_LENGTH) {
    throw new FieldError(`a name has at most ${NAME_LENGTH} characters`, field);
  }
  return trimmed;
}
