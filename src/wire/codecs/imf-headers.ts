import type { Field } from '../../filter/field.ts';
import { imfFields } from './imf-fields.ts';

const F = imfFields;

/** Headers with a field of their own, by name in lower case (RFC 5322 §3.6, RFC 2156 §2, and common ones). */
export const IMF_HEADERS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['date', F.date], ['from', F.from], ['sender', F.sender], ['reply-to', F.replyTo], ['to', F.to], ['cc', F.cc], ['bcc', F.bcc], ['message-id', F.messageId],
  ['in-reply-to', F.inReplyTo], ['references', F.references], ['subject', F.subject], ['comments', F.comments], ['user-agent', F.userAgent],
  ['keywords', F.keywords], ['resent-date', F.resentDate], ['resent-from', F.resentFrom], ['resent-sender', F.resentSender], ['resent-to', F.resentTo],
  ['resent-cc', F.resentCc], ['resent-bcc', F.resentBcc], ['resent-message-id', F.resentMessageId], ['return-path', F.returnPath], ['received', F.received],
  ['content-type', F.contentType], ['content-description', F.contentDescription], ['content-id', F.contentId],
  ['content-transfer-encoding', F.contentTransferEncoding], ['mime-version', F.mimeVersion], ['autoforwarded', F.autoforwarded],
  ['autosubmitted', F.autosubmitted], ['content-language', F.contentLanguage], ['conversion', F.conversion], ['delivery-date', F.deliveryDate],
  ['deferred-delivery', F.deferredDelivery], ['expires', F.expires], ['importance', F.importance], ['message-type', F.messageType], ['priority', F.priority],
  ['reply-by', F.replyBy], ['sensitivity', F.sensitivity], ['supersedes', F.supersedes], ['delivered-to', F.deliveredTo], ['x-mailer', F.extMailer],
  ['x-mimeole', F.extMimeole], ['expiry-date', F.extExpiryDate], ['x-ms-tnef-correlator', F.extTnefCorrelator], ['x-uidl', F.extUidl],
  ['x-authentication-warning', F.extAuthenticationWarning], ['x-virus-scanned', F.extVirusScanned], ['x-original-to', F.extOriginalTo],
  ['thread-index', F.threadIndex], ['lines', F.lines], ['precedence', F.precedence],
]);

/** Headers that hold addresses: one, or a list where the value is true. */
export const ADDRESS_HEADERS: ReadonlyMap<Field, Field> = new Map<Field, Field>([
  [F.from, F.mailboxListItem], [F.resentFrom, F.mailboxListItem], [F.replyTo, F.addressListItem], [F.to, F.addressListItem], [F.cc, F.addressListItem],
  [F.bcc, F.addressListItem], [F.resentTo, F.addressListItem], [F.resentCc, F.addressListItem], [F.resentBcc, F.addressListItem],
]);
