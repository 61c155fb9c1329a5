import type { MailOutcome } from '../domain/delivery';
import type { Mail } from '../domain/mail';

/** A mail with what tells whose it is where it comes back. */
export interface OutgoingMail extends Mail {
  readonly workspace: string;
  readonly subscription: string;
}

/** Sends mails. */
export interface MailSender {
  /** Sends a mail once. Whatever goes wrong is an outcome, never an error. */
  send(mail: OutgoingMail): Promise<MailOutcome>;
}
