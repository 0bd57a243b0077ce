import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'BrowserrServerEnum', 1: 'BrowserrDebugCall', 2: 'BrowserrQueryOtherDomains', 3: 'BrowserrResetNetlogonState', 4: 'BrowserrDebugTrace',
  5: 'BrowserrQueryStatistics', 6: 'BrowserrResetStatistics', 7: 'NetrBrowserStatisticsClear', 8: 'NetrBrowserStatisticsGet',
  9: 'BrowserrSetNetlogonState', 10: 'BrowserrQueryEmulatedDomains', 11: 'BrowserrServerEnumEx',
} as const;

const F = defineFields({ opnum: { name: 'rpc_browser.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** RPC Browser, over DCE/RPC. */
export const rpcBrowser = defineInterface({
  name: 'rpc_browser',
  title: 'RPC Browser',
  short: 'RPC_BROWSER',
  spec: ['MS-BRWSA'],
  uuids: ['6bffd098-a112-3610-9833-012892020162'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default rpcBrowser;
