// Subroutines; t0 to t6 and a0 to a2 are theirs to use.

.text
print_text:
  li t0, UART
1:
  lbu t1, 0(a0)
  beqz t1, 2f
  sb t1, 0(t0)
  addi a0, a0, 1
  j 1b
2:
  ret

// a0 as 16 hexadecimal digits and a line feed
print_hex:
  li t0, UART
  li t1, 60
1:
  srl t2, a0, t1
  andi t2, t2, 15
  addi t2, t2, '0'
  li t3, '9'
  ble t2, t3, 2f
  addi t2, t2, 'a' - '9' - 1
2:
  sb t2, 0(t0)
  addi t1, t1, -4
  bgez t1, 1b
  li t2, '\n'
  sb t2, 0(t0)
  ret

.align 2
unexpected:
  PRINT "unexpected trap: cause "
  csrr a0, mcause
  call print_hex
  PRINT "epc "
  csrr a0, mepc
  call print_hex
  PRINT "value "
  csrr a0, mtval
  call print_hex
  FAIL(99)

.section .bss
.align 12
stacks:
  .space 8 * 4096
.globl end_of_program
.align 12
end_of_program:
