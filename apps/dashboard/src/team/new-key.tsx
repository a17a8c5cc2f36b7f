'use client';

import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { ChoiceField, Folded, TextField, Tick } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import type { Named } from '#src/ui/named.ts';
import { Notice } from '#src/ui/notice.tsx';
import { LASTING, lastsUntil, type Scope, scopesFor } from './key-rights.ts';
import type { Role } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';

const createKey = graphql(`
  mutation CreateApiKey($name: String!, $scopes: [KeyScope!]!, $projectIds: [ID!], $expiresAt: DateTimeISO) {
    createApiKey(input: { name: $name, scopes: $scopes, projectIds: $projectIds, expiresAt: $expiresAt }) {
      ok errors { message } key
    }
  }
`);

/** What a key may do, where, and for how long. */
export function NewKey({ role, projects }: { role: Role; projects: readonly Named[] }) {
  const action = useAction();
  const [made, setMade] = useState<string | null>(null);
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [projectIds, setProjectIds] = useState<readonly string[]>([]);

  async function make(form: FormData): Promise<void> {
    const answer = await action.mutate(createKey, {
      name: String(form.get('name')),
      scopes: ['READ', ...scopes],
      projectIds: projectIds.length > 0 ? [...projectIds] : null,
      expiresAt: lastsUntil(String(form.get('lasts'))),
    });
    setMade(answer?.key ?? null);
  }

  return (
    <>
      <Form onSend={make} className="grid gap-3">
        <div className="grid items-end gap-3 sm:grid-cols-[1fr_9rem]">
          <TextField label="What it is for" name="name" required />
          <ChoiceField label="Good for" name="lasts" options={LASTING} defaultValue="90" />
        </div>
        <fieldset className="grid gap-1">
          <legend className="mb-1 font-medium">It may read. Tick what else it may do.</legend>
          {scopesFor(role).map(({ id, name, what }) => (
            <Tick
              key={id}
              label={name}
              hint={what}
              checked={scopes.includes(id)}
              onChange={(on) => setScopes(ticked(scopes, id, on))}
            />
          ))}
        </fieldset>
        {projects.length > 0 && (
          <Folded
            title={projectIds.length > 0 ? `In ${projectIds.length} of the projects only` : 'In all projects'}
          >
            <div className="grid gap-1">
              {projects.map(({ id, name }) => (
                <Tick
                  key={id}
                  label={name}
                  checked={projectIds.includes(id)}
                  onChange={(on) => setProjectIds(ticked(projectIds, id, on))}
                />
              ))}
            </div>
          </Folded>
        )}
        <div>
          <Button type="submit" disabled={action.pending}>
            Create key
          </Button>
        </div>
      </Form>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {made && <ShownOnce name="API key" secret={made} />}
    </>
  );
}

function ticked<T>(all: readonly T[], one: T, on: boolean): readonly T[] {
  return on ? [...all, one] : all.filter((each) => each !== one);
}
