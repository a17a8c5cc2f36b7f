import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'API' };

export default async function ApiPage() {
  const host = (await headers()).get('x-forwarded-host') ?? (await headers()).get('host') ?? '127.0.0.1:4000';
  const scheme = (await headers()).get('x-forwarded-proto') ?? 'http';
  const at = `${scheme}://${host.split(',')[0]}`;
  return (
    <>
      <PageHeader
        title="API"
        facts="Everything that this dashboard shows and does, one GraphQL API does."
        actions={
          <a
            href="/ide"
            className="inline-flex h-8 items-center rounded-md bg-accent px-3 font-medium text-accent-ink hover:bg-accent-hover"
          >
            Open the GraphQL editor
          </a>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <Section title="From a script">
          <ol className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-1">
            <li>
              1. Make a key on the{' '}
              <Link href="/team" className="underline">
                team page
              </Link>
              ; it is shown once.
            </li>
            <li>
              2. Ask for the latest results:
              <Code>{`curl -s ${at}/graphql \\
  -H "Authorization: Bearer $ESPALIER_KEY" -H "Content-Type: application/json" \\
  -d '{"query": "{ runs(first: 5, filter: {state: {in: [FINISHED]}}) { nodes { id allocation share result { top1 macs downloadUrl } } } }"}'`}</Code>
            </li>
            <li>
              3. Fetch a pruned network by its <code className="font-mono">downloadUrl</code>:
              <Code>{`curl -s -H "Authorization: Bearer $ESPALIER_KEY" -o pruned.onnx "${at}/files/SHA256"`}</Code>
            </li>
            <li>
              4. Or all runs as a table:
              <Code>{`curl -s -H "Authorization: Bearer $ESPALIER_KEY" "${at}/files/export/runs.csv" > runs.csv`}</Code>
            </li>
          </ol>
        </Section>
        <Section title="From the command line">
          <Code>{`export ESPALIER_ADDRESS=${at} ESPALIER_KEY=...
espalier push network.onnx --name my-network
espalier import csv results.csv --map mapping.yaml
espalier experiments watch EXPERIMENT`}</Code>
        </Section>
        <Section title="Live">
          <p className="py-1 text-ink-soft">
            Subscriptions come as server-sent events from{' '}
            <code className="font-mono">{at}/graphql/stream</code>: runEvents, experimentEvents and
            workerEvents. A connection that breaks goes on behind the last message that was read
            (Last-Event-ID).
          </p>
        </Section>
      </div>
    </>
  );
}

function Code({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre tabIndex={0} className="mt-1.5 overflow-x-auto rounded-md bg-sunken p-3 font-mono text-small">
      {children}
    </pre>
  );
}
