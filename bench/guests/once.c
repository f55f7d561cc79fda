/* Two million instructions in a straight line with a branch in eight, each run once: what a translator costs when nothing repeats. */
#include "bench.h"

void b_once(void)
{
    u32 x = 1, t;
    __asm__ volatile(".rept 250000\n"
                     "addi %0,%0,17\n"
                     "rotlwi %1,%0,5\n"
                     "xor %0,%0,%1\n"
                     "mulli %1,%0,3\n"
                     "add %0,%0,%1\n"
                     "cmpwi %0,0\n"
                     "bne+ .+8\n"
                     "addi %0,%0,1\n"
                     ".endr\n" : "+b"(x), "=&b"(t) : : "cr0");
    report("once", 0, "", x, 0xd450d920);
}
