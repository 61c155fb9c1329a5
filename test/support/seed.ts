import fc from 'fast-check';

/**
 * Properties are tried on the same examples at every run, so that the gate answers the same for the same code. To explore,
 * set SIGNET_TEST_SEED to another number.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SIGNET_TEST_SEED'] ?? 20_261_123) });
