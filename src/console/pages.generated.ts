// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import audit from './pages/audit.tsx';
import check from './pages/check.tsx';
import flows from './pages/flows.tsx';
import incident from './pages/incident.tsx';
import incidents from './pages/incidents.tsx';
import mail from './pages/mail.tsx';
import overview from './pages/overview.tsx';
import packets from './pages/packets.tsx';
import settings from './pages/settings.tsx';
import setup from './pages/setup.tsx';
import signIn from './pages/sign-in.tsx';

export const pages = [
  audit,
  check,
  flows,
  incident,
  incidents,
  mail,
  overview,
  packets,
  settings,
  setup,
  signIn,
];
