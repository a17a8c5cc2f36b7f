'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { graphql, type VariablesOf } from '#src/graphql/graphql.ts';
import { Button } from '#src/ui/button.tsx';
import { ChoiceField, Folded, TextField } from '#src/ui/field.tsx';
import { FileDrop } from '#src/ui/file-drop.tsx';
import type { Named } from '#src/ui/named.ts';
import { Notice } from '#src/ui/notice.tsx';
import { chosenFiles, type FolderFile, filesBelow, zipOf } from '#src/uploads/folder-files.ts';
import { UploadProgress } from '#src/uploads/upload-progress.tsx';
import { useUpload } from '#src/uploads/use-upload.ts';
import { InputPreview } from './input-preview.tsx';
import { preprocessingOf, USUAL_PIXELS } from './pixels.ts';
import { PixelsFields } from './pixels-fields.tsx';
import { AS_IT_IS, readAsOf } from './read-as.ts';
import { sortFiles } from './sort-files.ts';

const createProject = graphql(`
  mutation CreateProject($name: String!) {
    createProject(input: { name: $name }) { ok errors { message } project { id } }
  }
`);

const takeBack = graphql(`
  mutation TakeBackProject($ids: [ID!]!) {
    moveToTrash(input: { ids: $ids }) { ok }
  }
`);

const registerModel = graphql(`
  mutation RegisterModel(
    $projectId: ID!, $uploadId: ID!, $name: String!, $preprocessing: JSONObject, $readAs: JSONObject
  ) {
    registerModel(input: {
      projectId: $projectId, uploadId: $uploadId, name: $name, preprocessing: $preprocessing, readAs: $readAs
    }) {
      ok
      errors { message }
      model { id }
    }
  }
`);

type Given = VariablesOf<typeof registerModel>;

/** Of the choice of projects: one that is made with the network. */
const NEW = 'new';

/**
 * A place to drop a network on: uploads it with progress, has it read, and leads to its page. Where there is no project
 * the first network makes one.
 */
export function UploadModel({ projects, limit }: { projects: readonly Named[]; limit: number }) {
  const router = useRouter();
  const { sent, send: put, cancel } = useUpload();
  const [failure, setFailure] = useState<{ readonly words: string; readonly again: () => void } | null>(null);
  const [project, setProject] = useState(projects[0]?.id ?? NEW);
  const [newName, setNewName] = useState('');
  const [readAs, setReadAs] = useState(AS_IT_IS);
  const [pixels, setPixels] = useState(USUAL_PIXELS);
  const isNew = project === NEW || !projects.some((each) => each.id === project);

  /** Into a project of its own, which goes again where the network cannot be read. */
  async function register(name: string, given: Omit<Given, 'projectId' | 'name'>): Promise<string> {
    let [projectId, made] = [project, false];
    if (isNew) {
      const { createProject: answer } = await send(createProject, { name: newName.trim() || name });
      if (!answer.project) throw new Error(answer.errors[0]?.message ?? 'The project was refused.');
      [projectId, made] = [answer.project.id, true];
    }
    const { registerModel: answer } = await send(registerModel, { ...given, projectId, name });
    if (answer.model) return answer.model.id;
    if (made) await send(takeBack, { ids: [projectId] });
    throw new Error(answer.errors[0]?.message ?? 'The network could not be read.');
  }

  async function take(finding: Promise<readonly FolderFile[]>): Promise<void> {
    setFailure(null);
    try {
      const asked = readAsOf(readAs);
      const { name, files, preprocessing: beside } = await sortFiles(await finding);
      const preprocessing = beside ?? preprocessingOf(pixels);
      const [only] = files;
      const file =
        only && files.length === 1 && !only.path.endsWith('.json') ? only.file : await zipOf(name, files);
      const modelId = await put(file, (uploadId) =>
        register(name, { uploadId, preprocessing, readAs: asked }),
      );
      if (modelId === null) return;
      router.push(`/models/${modelId}`);
      router.refresh();
    } catch (problem) {
      const words = problem instanceof Error ? problem.message : String(problem);
      setFailure({ words, again: () => void take(finding) });
    }
  }

  return (
    <div>
      <FileDrop
        title="Drop a network here, or choose a file"
        hint="ONNX, .keras or .h5, or TensorFlow.js: model.json with all of its shards, their folder, or a zip. With NAME.json, if there is one, which says how pixels become its input"
        limit={limit}
        multiple
        disabled={sent !== null}
        onFiles={(files) => void take(Promise.resolve(chosenFiles(files)))}
        onFolder={(folder) => void take(filesBelow(folder))}
      />
      <div className="mt-2 grid gap-3 sm:grid-cols-[minmax(0,16rem)_minmax(0,20rem)]">
        {projects.length > 0 && (
          <ChoiceField
            label="Project"
            options={[...projects, { id: NEW, name: 'New project' }]}
            value={isNew ? NEW : project}
            onChange={setProject}
          />
        )}
        {isNew && (
          <TextField
            label="Name of the new project"
            hint="left out: as the file"
            value={newName}
            onChange={setNewName}
          />
        )}
      </div>
      <div className="mt-3 grid gap-3">
        <Folded title="How the file is read">
          <div className="grid gap-3 sm:grid-cols-3">
            <TextField
              label="Size to compute with"
              hint="where the file leaves it open: 1x3x48x192, of one input of several NAME=1x3x48x192"
              value={readAs.input}
              onChange={(input) => setReadAs({ ...readAs, input })}
            />
            <TextField
              label="Fixed inputs"
              hint="that have one number throughout: NAME=1"
              value={readAs.set}
              onChange={(set) => setReadAs({ ...readAs, set })}
            />
            <TextField
              label="Outputs"
              hint="values that the network ends in; left out: those of the file"
              value={readAs.output}
              onChange={(output) => setReadAs({ ...readAs, output })}
            />
          </div>
        </Folded>
        <Folded title="How pixels become its input" open={pixels.values === 'file' ? undefined : true}>
          <p className="max-w-2xl text-ink-soft">
            Files of Espalier say it themselves, and so does a JSON file beside the network (NAME.onnx.json).
            Of other files, say here how the network was trained: with other values it loses its accuracy.
          </p>
          <PixelsFields
            pixels={pixels}
            unsaid="as the file says"
            onChange={(part) => setPixels({ ...pixels, ...part })}
          />
          {pixels.values !== 'file' && <InputPreview preprocessing={() => preprocessingOf(pixels)} />}
        </Folded>
      </div>
      {sent && <UploadProgress sent={sent} cancel={cancel} then="reading the network" />}
      {failure && (
        <div className="mt-2 grid justify-items-start gap-2">
          <Notice kind="error">Nothing was added: {failure.words}</Notice>
          <Button onClick={failure.again}>Try again with the same files</Button>
        </div>
      )}
    </div>
  );
}
