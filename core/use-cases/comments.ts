import { RegistryError } from '../domain/errors';
import { type Comment, type Key, put } from '../domain/records';
import type { Page, PageRequest } from '../ports';
import type { Answer, UseCase } from './call';
import { aboutVersion, historyOf } from './change-version';
import { commandOnVersion, type OneVersion } from './command-on-version';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { loadVersion, readVersion } from './load';

/** Comments do not change, so their id is their version. */
function answer(comment: Comment): Answer<Comment> {
  return { body: comment, etag: `"${comment.id}"` };
}

/** Adds a comment to a version, a locked one too. */
export const addComment: UseCase<{ params: OneVersion; body: { text: string } }, Comment> =
  (ports) =>
  ({ params, body }, call) =>
    commandOnVersion(ports, call, params, async (loaded) => {
      const { version } = loaded;
      const history = historyOf(ports, call, loaded);
      const { workspace, modelId, number } = version;
      const comment: Comment = {
        id: ports.newId(),
        version: number,
        text: body.text,
        author: history.actor,
        createdAt: history.at,
      };
      history.add(
        aboutVersion(version, {
          type: 'comment.added',
          changed: ['comment'],
          previous: {},
          current: { id: comment.id, comment: body.text },
        }),
      );
      const { heads, writes } = history.close();
      const key: Key<'comment'> = { kind: 'comment', workspace, modelId, version: number, id: comment.id };
      return {
        answer: answer(comment),
        change: { heads, writes: [put<'comment'>(key, comment), ...writes], absent: [key] },
      };
    });

/** Lists the comments of a version, oldest first unless asked otherwise. */
export const listComments: UseCase<{ params: OneVersion; page: PageRequest }, Page<Comment>> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace, modelId, number } = await readVersion(ports, call, params.model, params.version);
    const range = { kind: 'comment', workspace, modelId, version: number } as const;
    return { body: await ports.store.query<'comment'>(range, page) };
  };

/** Removes a comment from view; what it said stays in the history. */
export const deleteComment: UseCase<{ params: OneVersion & { comment: string } }, void> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { workspace } = call;
      const loaded = await loadVersion<['comment']>(ports, call, params.model, params.version, (modelId) => [
        { kind: 'comment', workspace, modelId, version: params.version, id: params.comment } as Key<'comment'>,
      ]);
      const [comment] = loaded.also;
      if (!comment) {
        throw new RegistryError('comment_not_found', `Comment ${params.comment} does not exist.`, [
          { field: 'path.comment', value: params.comment, rule: 'exists' },
        ]);
      }
      checkIfMatch(call.ifMatch, answer(comment).etag);
      if (comment.author.id !== call.principal.id && !(await call.access.may('administer'))) {
        throw new RegistryError('forbidden', 'A comment is removed by who wrote it, or may administer the model.', [
          { field: 'path.comment', value: params.comment, rule: `written by ${call.principal.name}` },
        ]);
      }
      const { model, head, version } = loaded;
      const history = historyOf(ports, call, { model, head });
      history.add(
        aboutVersion(version, {
          type: 'comment.deleted',
          changed: ['comment'],
          previous: { id: comment.id, comment: comment.text },
          current: {},
        }),
      );
      const { heads, writes } = history.close();
      const key: Key<'comment'> = {
        kind: 'comment',
        workspace,
        modelId: model.id,
        version: version.number,
        id: comment.id,
      };
      return { answer: { body: undefined }, change: { heads, writes: [{ delete: key }, ...writes], absent: [] } };
    });
