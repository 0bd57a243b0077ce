import { defineCheck, fine, warning } from '../define-check.ts';

export const configuration = defineCheck({
  name: 'configuration',
  title: 'Configuration and its secrets',
  async look({ config, findings }) {
    if (findings.length === 0) return fine(config.file ?? 'built in');
    return warning(findings.map((f) => `${f.key}: ${f.message}`).join('; '), findings.map((f) => f.remedy).join('; '));
  },
});

export default configuration;
