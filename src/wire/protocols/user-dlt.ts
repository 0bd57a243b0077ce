import { defineDissector } from '../define-dissector.ts';

const PKTAP = 149;

/** Link types that everybody may use as they like; macOS wrote its own head under one of them. */
export const userDlt = defineDissector({
  name: 'user_dlt',
  title: 'DLT User',
  column: null,
  spec: ['LINKTYPE_USER0'],
  over: { link: [147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162] },
  fields: {},
  dissect(p, at) {
    p.payload(at, p.wireEnd);
    return p.linkType === PKTAP ? p.id('pktap') : 0;
  },
});
export default userDlt;
