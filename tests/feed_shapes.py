"""What RFC 4287 asks of a feed and sitemaps.org of a map, said again in our own words as XML Schema, for `xmlschema`.

The published grammars may not lie here; the feed's is RELAX NG besides. What ours never write is left out, and refused.
"""

ATOM_SHAPE = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.w3.org/2005/Atom"
  targetNamespace="http://www.w3.org/2005/Atom" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
  <xs:simpleType name="text"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="moment">
    <xs:restriction base="xs:dateTime"><xs:pattern value=".*(Z|[+\\-][0-9]{2}:[0-9]{2})"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="iri">
    <xs:restriction base="xs:anyURI"><xs:pattern value="[a-z][a-z0-9+.\\-]*:.+"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="link">
    <xs:attribute name="href" type="iri" use="required"/>
    <xs:attribute name="type" type="text"/>
    <xs:attribute name="rel">
      <xs:simpleType><xs:restriction base="xs:string">
        <xs:enumeration value="self"/><xs:enumeration value="alternate"/><xs:enumeration value="next"/>
      </xs:restriction></xs:simpleType>
    </xs:attribute>
  </xs:complexType>
  <xs:complexType name="person"><xs:all>
    <xs:element name="name" type="text"/>
  </xs:all></xs:complexType>
  <xs:complexType name="category">
    <xs:attribute name="term" type="text" use="required"/>
    <xs:attribute name="label" type="text"/>
  </xs:complexType>
  <xs:complexType name="entry"><xs:sequence>
    <xs:element name="id" type="iri"/>
    <xs:element name="title" type="text"/>
    <xs:element name="published" type="moment"/>
    <xs:element name="updated" type="moment"/>
    <xs:element name="link" type="link"/>
    <xs:element name="category" type="category"/>
    <xs:element name="summary" type="text"/>
  </xs:sequence></xs:complexType>
  <xs:element name="feed">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="id" type="iri"/>
        <xs:element name="title" type="text"/>
        <xs:element name="updated" type="moment"/>
        <xs:element name="author" type="person"/>
        <xs:element name="link" type="link" minOccurs="2" maxOccurs="3"/>
        <xs:element name="entry" type="entry" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace" processContents="lax"/>
    </xs:complexType>
    <xs:unique name="ids"><xs:selector xpath="*"/><xs:field xpath="id"/></xs:unique>
  </xs:element>
</xs:schema>
"""

SITEMAP_SHAPE = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:map="http://www.sitemaps.org/schemas/sitemap/0.9"
  targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9" elementFormDefault="qualified">
  <xs:simpleType name="address">
    <xs:restriction base="xs:anyURI"><xs:pattern value="https?://.+"/><xs:maxLength value="2048"/></xs:restriction>
  </xs:simpleType>
  <xs:element name="urlset">
    <xs:complexType><xs:sequence>
      <xs:element name="url" maxOccurs="50000">
        <xs:complexType><xs:sequence>
          <xs:element name="loc" type="address"/>
          <xs:element name="lastmod" type="xs:date" minOccurs="0"/>
          <xs:any namespace="http://www.w3.org/1999/xhtml" processContents="skip" minOccurs="3" maxOccurs="3"/>
        </xs:sequence></xs:complexType>
      </xs:element>
    </xs:sequence></xs:complexType>
    <xs:unique name="once"><xs:selector xpath="map:url"/><xs:field xpath="map:loc"/></xs:unique>
  </xs:element>
  <xs:element name="sitemapindex">
    <xs:complexType><xs:sequence>
      <xs:element name="sitemap" maxOccurs="50000">
        <xs:complexType><xs:sequence><xs:element name="loc" type="address"/></xs:sequence></xs:complexType>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
</xs:schema>
"""
