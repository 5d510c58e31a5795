/* Does nothing, linked to the same libraries: what the dynamic linker alone costs at each start. */
int main(void)
{
	return 0;
}
