/** Types of content that are shown as lines of text. */
const TEXT = new Set([
  'text/plain', 'text/richtext', 'text/html', 'text/css', 'text/javascript', 'application/x-javascript',
  'application/x-ns-proxy-autoconfig', 'text/x-javascript', 'message/http',
]);

const EXACT: Readonly<Record<string, string>> = {
  'application/json': 'json', 'application/x-www-form-urlencoded': 'urlencoded-form', 'image/gif': 'image-gif', 'image/jpeg': 'image-jfif',
  'image/jpg': 'image-jfif', 'image/png': 'png', 'text/xml': 'xml', 'application/xml': 'xml', 'application/soap+xml': 'xml',
  'application/octet-stream': 'data', 'message/rfc822': 'imf', 'application/dns-message': 'dns', 'application/sdp': 'sdp', 'application/ocsp-request': 'ocsp', 'application/ocsp-response': 'ocsp',
};

/** The media type of the content being read, with its parameters: for parts of it (`boundary`). */
export const mediaType = { text: '' };

/** The layer that shows content of this media type: `data-text-lines`, `json`, `media` for all that has none of its own. */
export function mediaLayer(contentType: string): string {
  mediaType.text = contentType;
  const semicolon = contentType.indexOf(';');
  const type = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  if (type === '') return 'data';
  if (TEXT.has(type)) return 'data-text-lines';
  if (type.startsWith('multipart/')) return 'mime_multipart';
  return EXACT[type] ?? (type.endsWith('+json') ? 'json' : type.endsWith('+xml') ? 'xml' : 'media');
}
