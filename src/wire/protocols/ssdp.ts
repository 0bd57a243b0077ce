import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { httpFields } from '../codecs/http-fields.ts';
import { HEAD_OK, HttpHead, readHead } from '../codecs/http-head.ts';
import { fullUri, putHead } from '../codecs/http-put.ts';

const F = httpFields;
const head = new HttpHead();

/** Simple Service Discovery: HTTP heads in datagrams (UPnP Device Architecture 2.0 §1). */
export const ssdp = defineDissector({
  name: 'ssdp',
  title: 'Simple Service Discovery Protocol',
  spec: ['UPnP Device Architecture 2.0 §1'],
  over: { 'udp.port': [1900] },
  fields: httpFields,
  dissect(p, at, end) {
    if (readHead(p.bytes, at, end, head) !== HEAD_OK) return DECLINE;
    putHead(p, at, head);
    if (!head.isResponse && p.wants(F.fullUri)) {
      const uri = fullUri(p, head);
      if (uri !== undefined) p.putText(F.fullUri, at, 0, uri);
    }
    if (head.headEnd < end) p.put(F.fileData, head.headEnd, end - head.headEnd);
    return DONE;
  },
});
export default ssdp;
