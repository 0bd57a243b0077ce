import { toHex } from '../../base/bytes.ts';
import type { Packet } from '../../wire/packet.ts';
import { definePacketFormat } from '../define-packet-format.ts';
import { packetTree, type TreeNode } from '../packet-tree.ts';

/** Text in an attribute of XML 1.0; characters that XML has no place for become U+FFFD. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function attributes(p: Packet, n: TreeNode): string {
  const showName = n.display === '' ? n.title : `${n.title}: ${n.display}`;
  const from = n.source === 0 ? p.frameAt : 0;
  const value = n.len > 0 ? ` value="${toHex(p.row.sources[n.source], from + n.at, from + n.at + n.len)}"` : '';
  return `name="${escape(n.name)}" showname="${escape(showName)}"${n.hidden ? ' hide="yes"' : ''} size="${n.len}" pos="${n.at}" show="${escape(n.value)}"${value}`;
}

function fields(p: Packet, nodes: readonly TreeNode[], indent: string): string {
  let out = '';
  for (const n of nodes) {
    const head = `${indent}<field ${attributes(p, n)}`;
    out += n.children.length === 0 ? `${head}/>\n` : `${head}>\n${fields(p, n.children, `${indent}  `)}${indent}</field>\n`;
  }
  return out;
}

/** Packet Details Markup Language: every field with its place and bytes, as `tshark -T pdml`. */
export const pdml = definePacketFormat({
  name: 'pdml',
  summary: 'XML with every field, its place and its bytes',
  needsTree: () => true,
  create() {
    return {
      begin: () => '<?xml version="1.0" encoding="utf-8"?>\n<pdml version="0" creator="wirewatch">\n',
      packet(p) {
        const protocols = packetTree(p).map((n) => `  <proto name="${escape(n.name)}" showname="${escape(n.title)}" size="${n.len}" pos="${n.at}">\n${fields(p, n.children, '    ')}  </proto>\n`);
        return `<packet>\n${protocols.join('')}</packet>\n`;
      },
      end: () => '</pdml>\n',
    };
  },
});
export default pdml;
