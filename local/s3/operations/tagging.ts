import { readText } from '../body';
import { type Call, type Handler, xmlAnswer } from '../call';
import { S3Error } from '../errors';
import { checkTags } from '../properties';
import { objectToRead, versionHeader } from '../versions';
import { children, childText, parseXml, xmlDocument } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging: Handler = async (call) => {
  const version = addressed(call);
  return xmlAnswer(
    xmlDocument('Tagging', {
      TagSet: { Tag: Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value })) },
    }),
    versionHeader(call.context, call.request.bucket, version.id),
  );
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export const putObjectTagging: Handler = async (call) => {
  const set = children(parseXml(await readText(call), 'Tagging'), 'TagSet')[0];
  if (set === undefined) throw new S3Error('MalformedXML');
  const pairs = children(set, 'Tag').map((tag): [string, string] => {
    const key = childText(tag, 'Key');
    const value = childText(tag, 'Value');
    if (key === undefined || value === undefined) throw new S3Error('MalformedXML');
    return [key, value];
  });
  return setTags(call, checkTags(pairs), 200);
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export const deleteObjectTagging: Handler = async (call) => setTags(call, {}, 204);

async function setTags(call: Call, tags: Readonly<Record<string, string>>, status: number) {
  const { context, request } = call;
  const id = await context.store.commit(() => {
    const { id: result } = addressed(call);
    return { changes: [{ do: 'tag', bucket: request.bucket, key: request.key, id: result, tags }], result };
  });
  return { status, headers: versionHeader(context, request.bucket, id) };
}

function addressed({ context, request }: Call) {
  return objectToRead(context, request.bucket, request.key, request.query('versionId'));
}
