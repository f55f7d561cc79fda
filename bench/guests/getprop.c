/* A million getprop calls through the client interface, of a property that every tree has. */
#include "bench.h"

extern int (*client)(void *);

static u32 call(const char *service, u32 nargs, u32 a, u32 b, u32 c, u32 d)
{
    u32 args[8] = {(u32)service, nargs, 1, a, b, c, d, 0};
    args[3 + nargs] = 0;
    client(args);
    return args[3 + nargs];
}

void b_getprop(void)
{
    u32 root = call("finddevice", 1, (u32)"/", 0, 0, 0), value, h = 0, i;
    for (i = 0; i < 1000000; i++) {
        value = 0;
        h += call("getprop", 4, root, (u32)"#address-cells", (u32)&value, 4) + value;
    }
    report("getprop", 0, "", h, 5000000);
}
