import { type Key, put, type Remark } from '../domain/records';
import type { TransitionRequest } from '../domain/request';
import type { Page, PageRequest } from '../ports';
import type { Answer, UseCase } from './call';
import { aboutRequest } from './change-request';
import { historyOf } from './change-version';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { checkActive, loadModel } from './load';
import { missingRequest, type OneRequest, readRequest, requestEtag, requestKey } from './load-request';

/** Comments do not change, so their id is their version. */
function answer(remark: Remark): Answer<Remark> {
  return { body: remark, etag: `"${remark.id}"` };
}

/** Comments on a request, one that has ended too. */
export const commentOnRequest: UseCase<{ params: OneRequest; body: { text: string } }, Remark> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async () => {
      const { workspace } = call;
      const loaded = await loadModel<['request']>(ports, call, params.model, (modelId) => [
        requestKey({ workspace, modelId, id: params.request }),
      ]);
      const [request] = loaded.also as [TransitionRequest?];
      if (!request) throw missingRequest(params.request);
      checkActive(loaded.model);
      checkIfMatch(call.ifMatch, requestEtag(request));
      const { model, head } = loaded;
      const history = historyOf(ports, call, { model, head });
      const remark: Remark = { id: ports.newId(), text: body.text, author: history.actor, createdAt: history.at };
      const current = { id: remark.id, comment: body.text };
      history.add(aboutRequest(request, { type: 'request.commented', changed: ['comment'], previous: {}, current }));
      const { heads, writes } = history.close();
      const key: Key<'remark'> = { kind: 'remark', workspace, modelId: model.id, request: request.id, id: remark.id };
      return {
        answer: answer(remark),
        change: { heads, writes: [put<'remark'>(key, remark), ...writes], absent: [key] },
      };
    });

/** Lists the comments on a request, oldest first unless asked otherwise. */
export const listRequestComments: UseCase<{ params: OneRequest; page: PageRequest }, Page<Remark>> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace, modelId, id } = await readRequest(ports, call, params);
    return { body: await ports.store.query<'remark'>({ kind: 'remark', workspace, modelId, request: id }, page) };
  };
