import * as z from 'zod';
import { cardInput, cardRevision, cardStatus, modelCard, modelCardRow } from '../model-cards';
import { once } from '../once';
import { operation } from '../operation';
import { modelName, page, pageQuery, reason, versionNumber } from '../schemas';

const tag = 'Model cards';
const params = once(() => z.strictObject({ model: modelName(), version: versionNumber() }));
const onVersion = ['model_not_found', 'version_not_found'] as const;
const onChange = [...onVersion, 'model_archived', 'version_locked'] as const;

export const getModelCard = operation({
  id: 'getModelCard',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/card',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows the newest revision of the model card of a version',
  params,
  status: 200,
  output: modelCard,
  errors: [...onVersion, 'card_not_found'],
});

export const putModelCard = operation({
  id: 'putModelCard',
  method: 'PUT',
  path: '/v1/models/{model}/versions/{version}/card',
  effect: 'command',
  needs: 'edit',
  tag,
  summary: 'Writes the model card of a version, as its next revision',
  description:
    'It says what the body says, in place of all that it said before; earlier revisions stay. The same again adds none.',
  params,
  body: () => z.strictObject({ ...cardInput(), reason: reason().optional() }),
  status: 200,
  output: modelCard,
  errors: [...onChange, 'limit_exceeded', 'forbidden'],
});

export const setModelCardStatus = operation({
  id: 'setModelCardStatus',
  method: 'PUT',
  path: '/v1/models/{model}/versions/{version}/card/status',
  effect: 'command',
  needs: 'approve',
  tag,
  summary: 'Gives the model card of a version another status, as a revision that says the same',
  params,
  body: () => z.strictObject({ status: cardStatus(), reason: reason().optional() }),
  status: 200,
  output: modelCard,
  errors: [...onChange, 'card_not_found'],
});

export const listModelCardRevisions = operation({
  id: 'listModelCardRevisions',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/card/revisions',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the revisions of the model card of a version, the newest first',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(modelCardRow()),
  errors: onVersion,
});

export const getModelCardRevision = operation({
  id: 'getModelCardRevision',
  method: 'GET',
  path: '/v1/models/{model}/versions/{version}/card/revisions/{revision}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows one revision of the model card of a version',
  params: () => z.strictObject({ model: modelName(), version: versionNumber(), revision: cardRevision() }),
  status: 200,
  output: modelCard,
  errors: [...onVersion, 'card_not_found'],
});
