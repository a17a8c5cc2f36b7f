import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { CopyButton } from '#src/ui/copy-button.tsx';

export const usageFields = graphql(`
  fragment UsageFields on Usage @_unmask {
    python
    javascript
  }
`);

const LANGUAGES = [
  { key: 'python', name: 'Python', with: 'numpy, onnxruntime and pillow' },
  { key: 'javascript', name: 'JavaScript', with: 'sharp, and onnxruntime-node or @tensorflow/tfjs' },
] as const;

/** Programs that use a network, to be copied; closed until one wants them. */
export function UsagePart({ usage }: { usage: ResultOf<typeof usageFields> }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2 pt-1">
      {LANGUAGES.map(({ key, name, with: packages }) => (
        <details key={key} className="rounded-md border border-line">
          <summary className="cursor-pointer px-3 py-2 font-medium">
            {name} <span className="font-normal text-ink-soft">with {packages}</span>
          </summary>
          <div className="border-t border-line p-3">
            <CopyButton text={usage[key]} label={`Copy the ${name} program`} />
            <pre className="mt-3 overflow-x-auto font-mono text-small">{usage[key]}</pre>
          </div>
        </details>
      ))}
    </div>
  );
}
