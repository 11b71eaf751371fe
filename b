*************************** 1. row ***************************
id: 1
ti: NULL
bi: NULL
de: NULL
fl: NULL
fm: NULL
db: NULL
bt: NULL
da: NULL
dt: NULL
ts: NULL
tm: NULL
yr: NULL
ch: NULL
vc: NULL
v4: NULL
u2: NULL
bn: NULL
vb: NULL
tx: NULL
bl: NULL
en: NULL
st: NULL
ge: NULL
js: NULL
i6: NULL
uu: NULL
g1: NULL
g2: NULL
*************************** 2. row ***************************
id: 2
ti: 200
bi: 18446744073709551615
de: -12345678901234567890.0123456789
fl: 0.00000011
fm: 12.345
db: 1e-301
bt: 
da: 0000-00-00
dt: 0001-01-01 00:00:00.123456
ts: 2026-10-25 00:30:00.500
tm: -838:59:58.99
yr: 1901
ch: Γ©
vc: a	b
c\d
v4: π€   end
u2: ΓΌ
bn:  	
\   
vb:  
tx: \N
bl:  	
\'"
en: a
st: x,z
ge:              π?       @
js: {"a": 1}
i6: ::1
uu: 123e4567-e89b-12d3-a456-426655440000
g1: 201
g2: 400
*************************** 3. row ***************************
id: 3
ti: NULL
bi: NULL
de: NULL
fl: 16777200
fm: NULL
db: 3.4028234663852886e38
bt: NULL
da: 9999-12-31
dt: 0000-00-00 00:00:00.000000
ts: NULL
tm: NULL
yr: NULL
ch: NULL
vc: NULL
v4: NULL
u2: NULL
bn: NULL
vb: 
tx: NULL
bl:  	
 !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~€‚ƒ„…†‡‰‹‘’“”•–—™› ΅Ά£¤¥¦§¨©ª«¬­®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡÒΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώÿ
en: c
st: NULL
ge: NULL
js: NULL
i6: NULL
uu: NULL
g1: NULL
g2: NULL
*************************** 4. row ***************************
id: 4
ti: 0
bi: NULL
de: NULL
fl: NULL
fm: NULL
db: NULL
bt: NULL
da: NULL
dt: NULL
ts: NULL
tm: NULL
yr: NULL
ch: NULL
vc: NULL
v4: NULL
u2: NULL
bn: NULL
vb: NULL
tx: NULL
bl: NULL
en: NULL
st: NULL
ge: NULL
js: NULL
i6: NULL
uu: NULL
g1: 1
g2: 0
inv
3
9
3
3
