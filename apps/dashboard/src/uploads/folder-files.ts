import { makeZip } from 'client-zip';

/** A file of a folder that was dropped or chosen. */
export interface FolderFile {
  /** From the folder on, with `/`. */
  readonly path: string;
  readonly file: File;
}

/** All files below a folder that was dropped. */
export async function filesBelow(folder: FileSystemDirectoryEntry): Promise<FolderFile[]> {
  const found: FolderFile[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) found.push(...(await filesBelow(entry as FileSystemDirectoryEntry)));
    else found.push({ path: entry.fullPath.slice(1), file: await fileOf(entry as FileSystemFileEntry) });
  }
  return found;
}

/** A reader tells a hundred at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** Files of a folder that was chosen. */
export function chosenFiles(files: readonly File[]): FolderFile[] {
  return files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** One file with all of them, stored as they are: images and weights hardly get smaller. */
export async function zipOf(name: string, files: readonly FolderFile[]): Promise<File> {
  const zip = makeZip(
    files.map(({ path, file }) => ({ name: path, input: file, lastModified: new Date(file.lastModified) })),
  );
  return new File([await new Response(zip).blob()], `${name}.zip`);
}
