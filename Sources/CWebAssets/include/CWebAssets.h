int cwa_stub(void);
