/* For bench/run parts, on pegasos2: ten thousand getprop calls through the client interface (r5 at the entry), then a character; for ever. */
    .section .text.start, "ax"
    .globl _start
_start:
    mr 30, 5
    lis 3, find@ha
    addi 3, 3, find@l
    mtctr 30
    bctrl
    lis 4, find@ha
    lwz 5, find@l+16(4)
    lis 6, get@ha
    stw 5, get@l+12(6)
outer:
    li 29, 10000
inner:
    lis 3, get@ha
    addi 3, 3, get@l
    mtctr 30
    bctrl
    addic. 29, 29, -1
    bne inner
    lis 3, 0xfe00
    ori 3, 3, 0x2f8
    li 4, '!'
    stb 4, 0(3)
    b outer

    .data
/* Service, arguments, results; then the arguments and the result (IEEE 1275-1994 6.3.1). */
find:
    .long find_name, 1, 1, root_name, 0
get:
    .long get_name, 4, 1, 0, property_name, value, 4, 0
value:
    .long 0
find_name:
    .asciz "finddevice"
get_name:
    .asciz "getprop"
root_name:
    .asciz "/"
property_name:
    .asciz "#address-cells"
