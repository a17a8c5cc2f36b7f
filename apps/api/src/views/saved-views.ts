import { newId, type Prisma, type SavedView, type Transaction } from '@espalier/store';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType } from 'type-graphql';
import { type Asker, hasRole, requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, LimitReached, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { type ViewListArgs, viewSorting } from './view-filter.ts';
import { viewSource } from './view-source.ts';

/** As JSON text. */
const STATE_LENGTH = 50_000;
const PAGE_LENGTH = 100;
const MOST = 500;

@InputType('SavedViewInput')
export class SavedViewInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  page!: string;

  @Field(() => GraphQLJSONObject)
  state!: object;

  @Field(() => Boolean, { defaultValue: false, description: 'Needs the role editor.' })
  shared!: boolean;
}

/** The viewer's own and the team's. */
export function listViews({ viewer, database }: Context, args: ViewListArgs): Promise<Connection<SavedView>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, viewSource(self, args.filter ?? {}), viewSorting(args.order));
}

/** One's own takes the role viewer; one of the team's the role editor. */
export async function createView({ viewer, database }: Context, input: SavedViewInput): Promise<SavedView> {
  const self = requireRole(viewer, input.shared ? 'editor' : 'viewer');
  const { teamId, userId } = self;
  const { shared } = input;
  const [name, page, state] = [checkedName(input.name), checkedPage(input.page), checkedState(input.state)];
  return database.prisma.$transaction(async (transaction) => {
    const owner = { teamId, OR: [{ shared: true }, { userId }] };
    if ((await transaction.savedView.count({ where: owner })) >= MOST) {
      throw new LimitReached(`there are ${MOST} already: delete one first`, 'name');
    }
    const id = newId('view');
    const view = await transaction.savedView.create({
      data: { id, teamId, userId, name, page, state, shared },
    });
    await audit(transaction, self, 'view.create', id, { name, page, shared });
    return view;
  });
}

export async function updateView(
  { viewer, database }: Context,
  id: string,
  change: { readonly name: string | null; readonly state: object | null; readonly shared: boolean | null },
): Promise<SavedView> {
  const self = requireRole(viewer, 'viewer');
  const name = change.name === null ? {} : { name: checkedName(change.name) };
  const state = change.state === null ? {} : { state: checkedState(change.state) };
  return database.prisma.$transaction(async (transaction) => {
    const view = await changeable(transaction, self, id);
    if (change.shared && !view.shared) requireRole(self, 'editor');
    const shared = change.shared === null ? {} : { shared: change.shared };
    const updated = await transaction.savedView.update({
      where: { id },
      data: { ...name, ...state, ...shared, updatedAt: new Date() },
    });
    await audit(transaction, self, 'view.update', id, { ...name, ...shared });
    return updated;
  });
}

/** As it was. */
export async function deleteView({ viewer, database }: Context, id: string): Promise<SavedView> {
  const self = requireRole(viewer, 'viewer');
  return database.prisma.$transaction(async (transaction) => {
    const view = await changeable(transaction, self, id);
    await transaction.savedView.delete({ where: { id } });
    await audit(transaction, self, 'view.delete', id, { name: view.name });
    return view;
  });
}

/** One's own, or one of the team's for an editor. Another person's own one is not there. */
async function changeable(transaction: Transaction, self: Viewer, id: string): Promise<SavedView> {
  const { teamId, userId } = self;
  const view = await transaction.savedView.findFirst({
    where: { id, teamId, OR: [{ shared: true }, { userId }] },
  });
  if (!view) throw new NotFound('there is no such saved view', 'id');
  if (view.userId !== userId) requireRole(self, 'editor');
  return view;
}

export function mayChange(viewer: Asker, { userId, shared }: SavedView): boolean {
  return userId === viewer.userId || (shared && hasRole(viewer, 'editor'));
}

function checkedPage(page: string): string {
  const trimmed = page.trim();
  if (trimmed === '' || trimmed.length > PAGE_LENGTH) {
    throw new FieldError(`a page's name has 1 to ${PAGE_LENGTH} characters`, 'page');
  }
  return trimmed;
}

function checkedState(state: object): Prisma.InputJsonObject {
  if (JSON.stringify(state).length > STATE_LENGTH) {
    throw new FieldError(`a state has at most ${STATE_LENGTH} characters of JSON`, 'state');
  }
  return state as Prisma.InputJsonObject;
}
