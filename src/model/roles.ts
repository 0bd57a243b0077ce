/** Everything that a role may be allowed; each route, command and page names the one it needs. */
export const PERMISSIONS = {
  'overview.read': 'See targets, states and traffic rates.',
  'flows.read': 'Search flow and transaction records.',
  'packets.read': 'See packet headers and field trees; each view of a payload is an audit event.',
  'payload.read': 'See payload bytes, follow streams, extract files.',
  'incidents.read': 'See alerts, incidents, notifications and deliveries.',
  'incidents.write': 'Acknowledge, assign, comment, move and close incidents.',
  'alerts.write': 'Post alerts of other programs (Alertmanager\'s API).',
  'evidence.read': 'List, verify and download evidence bundles.',
  'actions.approve': 'Approve, reject and revert actions.',
  'cases.write': 'Keep cases.',
  'config.read': 'See the configuration, secrets masked.',
  'config.write': 'Reload the configuration; make silences and maintenance windows.',
  'drill.run': 'Run drills.',
  'audit.read': 'Read and verify the audit chain.',
  'users.write': 'Make accounts and set roles.',
  'metrics.read': 'Read /metrics.',
} as const;

export type Permission = keyof typeof PERMISSIONS;
export type Role = 'security-officer' | 'network-administrator' | 'it-department' | 'analyst' | 'auditor' | 'viewer';

const READ: readonly Permission[] = ['overview.read', 'metrics.read'];
const INCIDENTS: readonly Permission[] = ['incidents.read', 'incidents.write', 'evidence.read'];

/** Roles are data: what each may do (seed 000 names the first three). */
export const ROLES: Readonly<Record<Role, { readonly title: string; readonly may: readonly Permission[] }>> = {
  'security-officer': { title: 'Network security officer', may: Object.keys(PERMISSIONS) as Permission[] },
  'network-administrator': {
    title: 'Network administrator',
    may: [...READ, 'flows.read', 'packets.read', ...INCIDENTS, 'alerts.write', 'actions.approve', 'config.read', 'config.write', 'drill.run'],
  },
  'it-department': { title: 'IT department', may: [...READ, 'flows.read', ...INCIDENTS, 'config.read'] },
  analyst: { title: 'Analyst', may: [...READ, 'flows.read', 'packets.read', 'payload.read', ...INCIDENTS, 'cases.write', 'config.read'] },
  auditor: { title: 'Auditor', may: [...READ, 'incidents.read', 'evidence.read', 'config.read', 'audit.read'] },
  viewer: { title: 'Viewer', may: READ },
};

export function roleMay(role: Role, permission: Permission): boolean {
  return ROLES[role].may.includes(permission);
}
