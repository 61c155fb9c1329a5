import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from './api';

/** Lets Lea follow what happens to a model: her address is her own, so nobody has to confirm it. */
export async function follow(url: string, model: string): Promise<void> {
  const lea = new Api(url, 'lea; email=lea@example.com');
  await lea.post('/subscriptions', { address: 'lea@example.com', events: ['approvals', 'promotions'], model });
}

/** Shows the mail of the approval as it landed: its subject and its plain text. */
export async function showMail(folder: string): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 100) {
    const mails = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const approval = mails.map(plainText).find((text) => text.includes('→ Approved'));
    if (approval !== undefined) {
      console.log(`    in ${folder}:\n${approval.replace(/^(?=.)/gm, '    | ')}`);
      return;
    }
    await pause(100);
  }
  throw new Error('the mail of the approval did not land within 15 s');
}

/** The first text of a mail in quoted-printable, decoded. */
function plainText(eml: string): string {
  const [, encoded = ''] = /Content-Type: text\/plain[^\r]*\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n----_/s.exec(eml) ?? [];
  return encoded
    .replace(/=\r\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString())
    .replaceAll('\r\n', '\n')
    .trim();
}
