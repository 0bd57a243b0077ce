import { defineCheck, fine, problem, warning } from '../define-check.ts';

const GIB = 2 ** 30;

export const diskSpace = defineCheck({
  name: 'disk-space',
  title: 'Disk under the data folder',
  async look({ dataDir, disk }) {
    const found = disk(dataDir);
    if (found === undefined) return fine(`${dataDir} is made at the first start`);
    const free = `${(found.freeBytes / GIB).toFixed(1)} GiB of ${(found.totalBytes / GIB).toFixed(1)} GiB free`;
    const remedy = 'free space, or lower capture.packets.maxSize and retention.maxSize';
    if (found.freeBytes < 0.25 * GIB) return problem(free, remedy);
    return found.freeBytes < 2 * GIB ? warning(free, remedy) : fine(free);
  },
});

export default diskSpace;
