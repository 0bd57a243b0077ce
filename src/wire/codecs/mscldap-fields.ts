import { defineFields, put } from '../define-dissector.ts';

/** Fields of Microsoft's search for a domain controller. */
export const mscldapFields = defineFields({
  netlogonOpcode: { name: 'mscldap.netlogon.opcode', ...put('u16', 'Operation code', { little: true }) },
  netlogonLmToken: { name: 'mscldap.netlogon.lm_token', ...put('u16', 'LM Token', { base: 'hex', little: true }) },
  netlogonNtToken: { name: 'mscldap.netlogon.nt_token', ...put('u16', 'NT Token', { base: 'hex', little: true }) },
  netlogonFlags: { name: 'mscldap.netlogon.flags', ...put('u32', 'Flags', { base: 'hex', little: true }) },
  ntverFlags: { name: 'mscldap.ntver.flags', ...put('u32', 'Version Flags', { base: 'hex', little: true }) },
  domainGuid: { name: 'mscldap.domain.guid', ...put('guid', 'Domain GUID', { little: true }) },
  forest: { name: 'mscldap.forest', ...put('string', 'Forest') },
  domain: { name: 'mscldap.domain', ...put('string', 'Domain') },
  hostname: { name: 'mscldap.hostname', ...put('string', 'Hostname') },
  nbDomain: { name: 'mscldap.nb_domain', ...put('string', 'NetBIOS Domain') },
  nbHostname: { name: 'mscldap.nb_hostname', ...put('string', 'NetBIOS Hostname') },
  username: { name: 'mscldap.username', ...put('string', 'Username') },
  sitename: { name: 'mscldap.sitename', ...put('string', 'Server Site') },
  clientsitename: { name: 'mscldap.clientsitename', ...put('string', 'Client Site') },
  ntverSearchflagsV1: { name: 'mscldap.ntver.searchflags.v1', ...put('boolean', 'V1', { mask: 0x1, little: true }) },
  ntverSearchflagsV5: { name: 'mscldap.ntver.searchflags.v5', ...put('boolean', 'V5', { mask: 0x2, little: true }) },
  ntverSearchflagsV5ex: { name: 'mscldap.ntver.searchflags.v5ex', ...put('boolean', 'V5EX', { mask: 0x4, little: true }) },
  ntverSearchflagsV5ep: { name: 'mscldap.ntver.searchflags.v5ep', ...put('boolean', 'V5EP', { mask: 0x8, little: true }) },
  ntverSearchflagsVcs: { name: 'mscldap.ntver.searchflags.vcs', ...put('boolean', 'VCS', { mask: 0x10, little: true }) },
  ntverSearchflagsVnt4: { name: 'mscldap.ntver.searchflags.vnt4', ...put('boolean', 'VNT4', { mask: 0x1000000, little: true }) },
  ntverSearchflagsVpdc: { name: 'mscldap.ntver.searchflags.vpdc', ...put('boolean', 'VPDC', { mask: 0x10000000, little: true }) },
  ntverSearchflagsVip: { name: 'mscldap.ntver.searchflags.vip', ...put('boolean', 'VIP', { mask: 0x20000000, little: true }) },
  ntverSearchflagsVl: { name: 'mscldap.ntver.searchflags.vl', ...put('boolean', 'VL', { mask: 0x40000000, little: true }) },
  ntverSearchflagsVgc: { name: 'mscldap.ntver.searchflags.vgc', ...put('boolean', 'VGC', { mask: 0x80000000, little: true }) },
  netlogonFlagsPdc: { name: 'mscldap.netlogon.flags.pdc', ...put('boolean', 'PDC', { mask: 0x1, little: true }) },
  netlogonFlagsGc: { name: 'mscldap.netlogon.flags.gc', ...put('boolean', 'GC', { mask: 0x4, little: true }) },
  netlogonFlagsLdap: { name: 'mscldap.netlogon.flags.ldap', ...put('boolean', 'LDAP', { mask: 0x8, little: true }) },
  netlogonFlagsDs: { name: 'mscldap.netlogon.flags.ds', ...put('boolean', 'DS', { mask: 0x10, little: true }) },
  netlogonFlagsKdc: { name: 'mscldap.netlogon.flags.kdc', ...put('boolean', 'KDC', { mask: 0x20, little: true }) },
  netlogonFlagsTimeserv: { name: 'mscldap.netlogon.flags.timeserv', ...put('boolean', 'Time Serv', { mask: 0x40, little: true }) },
  netlogonFlagsClosest: { name: 'mscldap.netlogon.flags.closest', ...put('boolean', 'Closest', { mask: 0x80, little: true }) },
  netlogonFlagsWritable: { name: 'mscldap.netlogon.flags.writable', ...put('boolean', 'Writable', { mask: 0x100, little: true }) },
  netlogonFlagsGoodTimeserv: { name: 'mscldap.netlogon.flags.good_timeserv', ...put('boolean', 'Good Time Serv', { mask: 0x200, little: true }) },
  netlogonFlagsNdnc: { name: 'mscldap.netlogon.flags.ndnc', ...put('boolean', 'NDNC', { mask: 0x400, little: true }) },
  netlogonFlagsRodc: { name: 'mscldap.netlogon.flags.rodc', ...put('boolean', 'RODC', { mask: 0x800, little: true }) },
  netlogonFlagsWritabledc: { name: 'mscldap.netlogon.flags.writabledc', ...put('boolean', 'WDC', { mask: 0x1000, little: true }) },
  netlogonFlagsDnsname: { name: 'mscldap.netlogon.flags.dnsname', ...put('boolean', 'DNS', { mask: 0x20000000, little: true }) },
  netlogonFlagsDefaultnc: { name: 'mscldap.netlogon.flags.defaultnc', ...put('boolean', 'DNC', { mask: 0x40000000, little: true }) },
  netlogonFlagsForestnc: { name: 'mscldap.netlogon.flags.forestnc', ...put('boolean', 'FDC', { mask: 0x80000000, little: true }) },
});
const F = mscldapFields;

/** A word and the fields of its bits, by the word. */
export const mscldapGroups = {
  version: [F.ntverFlags, F.ntverSearchflagsV1, F.ntverSearchflagsV5, F.ntverSearchflagsV5ex, F.ntverSearchflagsV5ep, F.ntverSearchflagsVcs, F.ntverSearchflagsVnt4, F.ntverSearchflagsVpdc, F.ntverSearchflagsVip, F.ntverSearchflagsVl, F.ntverSearchflagsVgc],
  flags: [F.netlogonFlags, F.netlogonFlagsPdc, F.netlogonFlagsGc, F.netlogonFlagsLdap, F.netlogonFlagsDs, F.netlogonFlagsKdc, F.netlogonFlagsTimeserv, F.netlogonFlagsClosest, F.netlogonFlagsWritable, F.netlogonFlagsGoodTimeserv, F.netlogonFlagsNdnc, F.netlogonFlagsRodc, F.netlogonFlagsWritabledc, F.netlogonFlagsDnsname, F.netlogonFlagsDefaultnc, F.netlogonFlagsForestnc],
} as const;
