import { createContext, useContext } from 'react';
import type { Permission } from '../model/index.ts';
import type { Identity } from './client.generated.ts';

export const SessionContext = createContext<Identity | null>(null);

/** Who is signed in; null before sign-in. */
export function useSession(): Identity | null {
  return useContext(SessionContext);
}

/** Whether the reader may do something: what they may not is not offered. */
export function useMay(permission: Permission): boolean {
  return useContext(SessionContext)?.permissions.includes(permission) ?? false;
}
